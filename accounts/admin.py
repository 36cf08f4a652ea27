from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_required

from accounts.models import Token, User
from config.read_only_admin import ReadOnlyAdmin


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's own, and who may overrule the calendar."""

    fieldsets = (*(UserAdmin.fieldsets or ()), ("Roomtone", {"fields": ["is_manager"]}))

    def get_list_display(self, request):
        return [*super().get_list_display(request), "is_manager"]


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """Who has which; revoking is on the page *API tokens*."""

    list_display = ["name", "user", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    exclude = ["digest", "form_key"]
    search_fields = ["name", "user__username", "user__first_name"]


# One sign-in page: whoever is not signed in is sent to our own sign-in page.
admin.site.login = login_required(admin.site.login)  # type: ignore[method-assign]  # of Django's one AdminSite
