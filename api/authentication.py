"""Who asks: a program by its token, or a person whose browser is signed in."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts import tokens

SCHEME = "bearer"


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer rt_…`. Nowhere else: an address with a token in it would stand in logs."""

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
