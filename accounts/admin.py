from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_required

from accounts.models import User

admin.site.register(User, UserAdmin)
# One door: whoever is not signed in is sent to our own sign-in page.
admin.site.login = login_required(admin.site.login)
