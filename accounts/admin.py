from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Token, User
from config.read_only_admin import ReadOnlyAdmin


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's UserAdmin with the flag `is_manager`."""

    fieldsets = (*(UserAdmin.fieldsets or ()), ("Roomtone", {"fields": ["is_manager"]}))

    def get_list_display(self, request):
        return [*super().get_list_display(request), "is_manager"]


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """Tokens, to be read only. They are revoked on the page *API tokens*."""

    list_display = ["name", "user", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    exclude = ["digest", "form_key"]
    search_fields = ["name", "user__username", "user__first_name"]
