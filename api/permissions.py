"""What a token may do. Whoever is signed in by a browser may do what the screens let them do."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class HasScope(BasePermission):
    """A view says by `reads` and `writes` which scope each needs."""

    def has_permission(self, request, view):
        if request.method not in view.allowed_methods:
            return True  # nobody may: that is said by 405
        wanted = needed_scope(view, request.method)
        self.message = f"This token may not do this: it needs the scope {wanted}."
        self.code = "missing_scope"
        return may(request, wanted)


def needed_scope(view, method):
    return view.read_scope if method in SAFE_METHODS else view.write_scope


def may(request, scope):
    return request.auth is None or scope in request.auth.scopes
