"""Tokens of the API: issued, shown once, recognised, revoked."""

import datetime as dt
import hashlib
from http import HTTPStatus

from django.utils import timezone

from accounts.models import Token, User, make_secret
from config.errors import DomainError

HINT_LETTERS = 8
# How exact `last_used_at` is: a write for each request would cost more than it tells.
USED_WITHIN = dt.timedelta(minutes=5)


class TokenRefused(DomainError):
    """Nobody may be recognised by this secret. `code` says why."""

    status = HTTPStatus.UNAUTHORIZED
    words = {
        "unknown_token": "There is no such token. Look for a typing mistake, or make a new one on the API tokens page.",
        "revoked_token": "This token was revoked. Make a new one on the API tokens page.",
        "expired_token": "This token has expired. Make a new one on the API tokens page.",
        "inactive_user": "The account that this token acts for is not active any more.",
    }

    def __init__(self, code):
        super().__init__(self.words[code])
        self.code = code


class NotYours(DomainError):
    """People make and revoke their own tokens; managers those of integrations, too."""

    code = "not_yours"
    status = HTTPStatus.FORBIDDEN

    def __init__(self):
        super().__init__("Only a manager may do this for others.")


def issue(*, user, name, scopes, expires_at=None, actor):
    """A token for `user`, and its secret, which is kept nowhere: (Token, str). Raises NotYours."""
    _refuse_others(user, actor)
    secret = make_secret()
    token = Token.objects.create(
        user=user,
        name=name,
        scopes=sorted(scopes),
        digest=_digest(secret),
        hint=secret[:HINT_LETTERS],
        created_by=actor,
        expires_at=expires_at,
    )
    return token, secret


def revoke(*, token, actor):
    """From now on it is refused. Harmless to repeat. Raises NotYours."""
    _refuse_others(token.user, actor)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = timezone.now(), actor
        token.save(update_fields=["revoked_at", "revoked_by"])


def add_integration(*, name, actor):
    """An account for a program, under whose name the history tells what it did. Raises NotYours."""
    if not actor.may_overrule:
        raise NotYours
    user = User(username=f"integration-{make_secret()[3:15]}", first_name=name, is_integration=True)
    user.set_unusable_password()
    user.save()
    return user


def recognise(secret):
    """The standing Token of this secret, with its user. One query. Raises TokenRefused."""
    token = Token.objects.select_related("user").filter(digest=_digest(secret)).first()
    if token is None:
        raise TokenRefused("unknown_token")
    if token.revoked_at:
        raise TokenRefused("revoked_token")
    if token.has_expired:
        raise TokenRefused("expired_token")
    if not token.user.is_active:
        raise TokenRefused("inactive_user")
    _remember_use(token)
    return token


def _remember_use(token):
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - USED_WITHIN:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _refuse_others(user, actor):
    if user.pk != actor.pk and not (user.is_integration and actor.may_overrule):
        raise NotYours


def _digest(secret):
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
