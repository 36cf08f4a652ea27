from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_required

from accounts.models import User


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's own, and who may overrule the calendar."""

    fieldsets = (*UserAdmin.fieldsets, ("Roomtone", {"fields": ["is_manager"]}))
    list_display = (*UserAdmin.list_display, "is_manager")


# One door: whoever is not signed in is sent to our own sign-in page.
admin.site.login = login_required(admin.site.login)
