"""Tokens of the API: issuing, recognising and revoking them."""

import datetime as dt
import hashlib
from functools import partial
from http import HTTPStatus

from django.db.models.functions import Lower

from accounts.access import Action, Role
from accounts.models import Token, User, make_secret
from config import clock
from config.errors import DomainError, Reason
from config.transactions import giving_up_on, one_transaction, refused_by

HINT_LETTERS = 8
# How exact `last_used_at` is. Saving it with every request would take too much time.
USED_WITHIN = dt.timedelta(minutes=5)


class TokenRefused(DomainError):
    """The secret belongs to no valid token. `code` is a key of `reasons`."""

    status = HTTPStatus.UNAUTHORIZED
    reasons = {
        "unknown_token": Reason(
            "There is no such token. Look for a typing mistake, or make a new one on the API tokens page.",
            "No token has this secret.",
            "Look for a missing letter or an extra quotation mark, or make a new token.",
        ),
        "revoked_token": Reason(
            "This token was revoked. Make a new one on the API tokens page.",
            "Somebody revoked the token.",
            "Ask why it was revoked, and make a new one.",
        ),
        "expired_token": Reason(
            "This token has expired. Make a new one on the API tokens page.",
            "The token has expired.",
            "Make a new one.",
        ),
        "inactive_user": Reason(
            "The account that this token acts for is not active any more.",
            "The account that the token acts for was deactivated.",
            "Make a token for an account that is active.",
        ),
    }

    def __init__(self, code):
        super().__init__(self.reasons[code].message)
        self.code = code


class NotYours(DomainError):
    """The user may not create or revoke this token: only their own ones, and as a manager those of integrations."""

    code = "not_yours"
    status = HTTPStatus.FORBIDDEN
    when = "Only a manager may do this for somebody else."
    then = "Do it for yourself, or ask a manager."

    def __init__(self):
        super().__init__("Only a manager may do this for others.")


class IntegrationExists(DomainError):
    """There is an integration of this name; with two, the history would not show which one did something."""

    code = "integration_exists"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "There is an integration with this name already."
    then = "Make the token for that integration, or choose another name."
    field = "integration"

    def __init__(self, name):
        super().__init__(f"There is an integration named {name} already. Choose it in the list, or take another name.")


class MadeAlready(DomainError):
    """The same form was sent a second time. Its token was shown already, and is not shown again."""

    code = "made_already"
    when = "The same form was sent twice."
    then = "Use the token that the first one made."

    def __init__(self):
        super().__init__(
            "This token was made already, and its secret is shown only once. "
            "If you did not copy it, revoke the token and make a new one."
        )


@one_transaction
def issue(*, user=None, integration="", name, scopes, expires_at=None, actor, form_key=None):
    """Create a token for `user`, or for a new integration named `integration`. Returns (Token, its secret).

    The secret is not stored. `form_key` is the UUID of the form, so that one form makes one token. Raises NotYours,
    IntegrationExists, MadeAlready, Busy.
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
    """End the validity of a token. A revoked token is left as it is. Raises NotYours."""
    _refuse_others(token.user, actor)
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now(), revoked_by=actor)
    token.refresh_from_db(fields=["revoked_at", "revoked_by"])


@one_transaction
def add_integration(*, name, actor):
    """Create the account of a program, whose name the history shows, with the role of reception at all properties.

    Raises NotYours, IntegrationExists.
    """
    if not actor.access.may(Action.PEOPLE, None):
        raise NotYours
    user = User(username=f"integration-{make_secret()[3:15]}", first_name=name, is_integration=True)
    user.set_unusable_password()
    with refused_by("integration_once_per_name", partial(IntegrationExists, name)):
        user.save()
    user.memberships.create(role=Role.RECEPTION)
    return user


def integrations():
    """The active accounts of integrations, by name."""
    return User.objects.filter(is_integration=True, is_active=True).order_by(Lower("first_name"))


def recognise(secret):
    """The valid Token with this secret, and with its user. One query; sometimes another to save the time of use.

    Raises TokenRefused.
    """
    token = Token.objects.select_related("user").filter(digest=_digest(secret)).first()
    if token is None:
        raise TokenRefused("unknown_token")
    if token.revoked_at:
        raise TokenRefused("revoked_token")
    if token.has_expired:
        raise TokenRefused("expired_token")
    if not token.user.is_active:
        raise TokenRefused("inactive_user")
    _save_last_use(token)
    return token


def _save_last_use(token):
    now = clock.now()
    if token.last_used_at is None or token.last_used_at < now - USED_WITHIN:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _refuse_second(form_key):
    if form_key and Token.objects.filter(form_key=form_key).exists():
        raise MadeAlready


def _refuse_others(user, actor):
    if user.pk != actor.pk and not (user.is_integration and actor.access.may(Action.PEOPLE, None)):
        raise NotYours


def _digest(secret):
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
