"""Authentication by a token, or by the session of a signed-in browser."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from accounts import tokens

SCHEME = "bearer"


class BearerToken(BaseAuthentication):
    """The header `Authorization: Bearer rt_…`. Tokens in addresses are not accepted, because addresses are logged."""

    def authenticate(self, request):
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        try:
            token = tokens.recognise(secret.strip())
        except tokens.TokenRefused as refused:
            raise AuthenticationFailed(refused.message, code=refused.code) from refused
        return token.user, token

    def authenticate_header(self, request):
        return 'Bearer realm="Roomtone"'


class SignedInBrowser(SessionAuthentication):
    """Session authentication with a plain message when the CSRF token is missing or wrong."""

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            words = "A signed-in browser sends its CSRF cookie as X-CSRFToken, from a page of ours. Or use a token."
            raise PermissionDenied(words, code="csrf_failed") from None
