"""Tokens of the API: issued, shown once, recognised, revoked."""

import datetime as dt
import hashlib
from functools import partial
from http import HTTPStatus

from django.db.models.functions import Lower

from accounts.models import Token, User, make_secret
from config import clock
from config.errors import DomainError, Reason
from config.transactions import giving_up_on, one_transaction, refused_by

HINT_LETTERS = 8
# How exact `last_used_at` is: a write for each request would cost more than it tells.
USED_WITHIN = dt.timedelta(minutes=5)


class TokenRefused(DomainError):
    """Nobody may be recognised by this secret. `code` is a key of `reasons`."""

    status = HTTPStatus.UNAUTHORIZED
    reasons = {
        "unknown_token": Reason(
            "There is no such token. Look for a typing mistake, or make a new one on the API tokens page.",
            "No token has this secret.",
            "Look for a missing letter or a stray quotation mark, or make a new one.",
        ),
        "revoked_token": Reason(
            "This token was revoked. Make a new one on the API tokens page.",
            "Somebody ended the token.",
            "Make a new one, and ask why the old one was ended.",
        ),
        "expired_token": Reason(
            "This token has expired. Make a new one on the API tokens page.",
            "The token was made for a time, which is over.",
            "Make a new one.",
        ),
        "inactive_user": Reason(
            "The account that this token acts for is not active any more.",
            "The account that the token acts for was switched off.",
            "Make a token for an account that is active.",
        ),
    }

    def __init__(self, code):
        super().__init__(self.reasons[code].message)
        self.code = code


class NotYours(DomainError):
    """People make and revoke their own tokens; managers those of integrations, too."""

    code = "not_yours"
    status = HTTPStatus.FORBIDDEN
    when = "Only a manager may do this for somebody else."
    then = "Do it for yourself, or ask a manager."

    def __init__(self):
        super().__init__("Only a manager may do this for others.")


class IntegrationExists(DomainError):
    """Of two integrations with one name nobody could tell who did what."""

    code = "integration_exists"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "An integration of this name is there already."
    then = "Make the token for that one, or take another name."
    field = "integration"

    def __init__(self, name):
        super().__init__(f"There is an integration named {name} already. Choose it in the list, or take another name.")


class MadeAlready(DomainError):
    """The same form came once more: its token was shown, and is not shown again."""

    code = "made_already"
    when = "The same form came twice."
    then = "The first one made the token."

    def __init__(self):
        super().__init__(
            "This token was made already, and its secret is shown only once. "
            "If you did not copy it, revoke the token and make a new one."
        )


@one_transaction
def issue(*, user=None, integration="", name, scopes, expires_at=None, actor, form_key=None):
    """A token, and its secret, which is kept nowhere: (Token, str).

    It is for `user`, or for a new integration of this name. Raises NotYours, IntegrationExists, MadeAlready, Busy.
    """
    _refuse_second(form_key)
    user = user or add_integration(name=integration, actor=actor)
    _refuse_others(user, actor)
    secret = make_secret()
    with giving_up_on("accounts_token_form_key_key", MadeAlready):
        token = Token.objects.create(
            user=user,
            name=name,
            scopes=sorted(scopes),
            digest=_digest(secret),
            hint=secret[:HINT_LETTERS],
            created_by=actor,
            expires_at=expires_at,
            form_key=form_key,
        )
    return token, secret


def revoke(*, token, actor):
    """From now on it is refused. Harmless to repeat. Raises NotYours."""
    _refuse_others(token.user, actor)
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now(), revoked_by=actor)
    token.refresh_from_db(fields=["revoked_at", "revoked_by"])


def add_integration(*, name, actor):
    """An account for a program, under whose name the history tells what it did. Raises NotYours, IntegrationExists."""
    if not actor.may_overrule:
        raise NotYours
    user = User(username=f"integration-{make_secret()[3:15]}", first_name=name, is_integration=True)
    user.set_unusable_password()
    with refused_by("integration_once_per_name", partial(IntegrationExists, name)):
        user.save()
    return user


def integrations():
    """Those that tokens may be made for, by name."""
    return User.objects.filter(is_integration=True, is_active=True).order_by(Lower("first_name"))


def recognise(secret):
    """The valid Token of this secret, with its user. One query. Raises TokenRefused."""
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
    now = clock.now()
    if token.last_used_at is None or token.last_used_at < now - USED_WITHIN:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _refuse_second(form_key):
    if form_key and Token.objects.filter(form_key=form_key).exists():
        raise MadeAlready


def _refuse_others(user, actor):
    if user.pk != actor.pk and not (user.is_integration and actor.may_overrule):
        raise NotYours


def _digest(secret):
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
