from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Membership, Token, User
from config.read_only_admin import ReadOnlyAdmin


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's UserAdmin with the roles at the desk."""

    inlines = [MembershipInline]


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """Tokens, to be read only. They are revoked on the page *API tokens*."""

    list_display = ["name", "user", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    exclude = ["digest", "form_key"]
    search_fields = ["name", "user__username", "user__first_name"]
