"""Scopes of tokens. A signed-in browser needs none: it may do what the pages allow its user."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class HasScope(BasePermission):
    """Allows a request if its token has the scope that the view names, `read_scope` or `write_scope`."""

    def has_permission(self, request, view):
        if request.method not in view.allowed_methods:
            return True  # refused later, with 405
        scope = needed_scope(view, request.method)
        self.message = f"This token may not do this: it needs the scope {scope}."
        self.code = "missing_scope"
        return may(request, scope)


def needed_scope(view, method):
    return view.read_scope if method in SAFE_METHODS else view.write_scope


def may(request, scope):
    """Whether the request has a token with the scope, or comes from a signed-in browser."""
    return request.auth is None or scope in request.auth.scopes
