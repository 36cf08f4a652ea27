"""Scopes of tokens. A person in a signed-in browser may do whatever the pages allow."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class HasScope(BasePermission):
    """A view names the scopes that a token needs: `read_scope` and `write_scope`."""

    def has_permission(self, request, view):
        if request.method not in view.allowed_methods:
            return True  # refused later, by 405
        wanted = needed_scope(view, request.method)
        self.message = f"This token may not do this: it needs the scope {wanted}."
        self.code = "missing_scope"
        return may(request, wanted)


def needed_scope(view, method):
    return view.read_scope if method in SAFE_METHODS else view.write_scope


def may(request, scope):
    return request.auth is None or scope in request.auth.scopes
