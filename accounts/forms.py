import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from crispy_forms.layout import Div, Field
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import sign_in_throttle, tokens
from accounts.access import Action
from accounts.models import Scope, User
from config import clock
from config.forms import CleanCharField, ErrorsInSight, Form, fields_only

MYSELF, NEW = "me", "new"
NEVER = "never"
LASTS = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), (NEVER, "Until it is revoked")]


PASSWORDS = ("old_password", "new_password1", "new_password2")
TOO_MANY = "Too many wrong passwords for this account from here. Wait %(wait)s, then try again."


@contextmanager
def throttled(request: HttpRequest, username: str) -> Iterator[None]:
    """A context manager around the check of a password: it counts as a failed attempt if the block raises an exception.

    Raises ValidationError with the code `too_many` before the block runs, while no password may be tried.
    """
    who = {"username": username, "address": sign_in_throttle.address_of(request)}
    try:
        sign_in_throttle.count(**who)
    except sign_in_throttle.TooMany as error:
        raise ValidationError(TOO_MANY, "too_many", {"wait": _in_words(error.seconds)}) from error
    with sign_in_throttle.checking:
        yield
    sign_in_throttle.forget(**who)


class SignInForm(ErrorsInSight, AuthenticationForm):
    error_messages = {
        # The same message as for an account that is not active, so that it does not tell who has an account.
        "invalid_login": "This user name and password do not match. Mind upper and lower case.",
    }

    @property
    def helper(self):
        return fields_only("username", "password")

    def clean(self):
        """Raises ValidationError, with the code `too_many` while no password may be tried."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (username and password):
            return self.cleaned_data
        with throttled(cast(HttpRequest, self.request), username):
            return super().clean()

    def confirm_login_allowed(self, user):
        """Raises ValidationError for an integration, which has tokens and must not sign in with a password."""
        super().confirm_login_allowed(user)
        if user.is_integration:
            raise self.get_invalid_login_error()


class ChangePasswordForm(ErrorsInSight, PasswordChangeForm):
    """The current password, and twice the new one. Wrong current passwords are throttled like failed sign-ins."""

    error_messages = {
        "password_incorrect": "This is not your current password. Mind upper and lower case.",
        "password_mismatch": "The two new passwords differ. Type the same one twice.",
    }

    def __init__(self, user: User, *args, request: HttpRequest, **options) -> None:
        super().__init__(user, *args, **options)
        self.request = request
        old, new, again = (self.fields[name] for name in PASSWORDS)
        old.label, new.label, again.label = "Current password", "New password", "New password again"
        new.help_text = "At least 8 characters; not your name, and not one that many people use."
        again.help_text = ""
        for field in (old, new, again):
            field.error_messages["required"] = "Please fill this in."

    @property
    def helper(self):
        return fields_only(*PASSWORDS)

    def clean_old_password(self) -> str:
        """Raises ValidationError, with the code `too_many` while no password may be tried."""
        with throttled(self.request, self.user.get_username()):
            return super().clean_old_password()

    def save(self, commit: bool = True) -> User:
        """Save only the password, so that a change of the account by a manager at the same time is not overwritten."""
        self.user.set_password(self.cleaned_data["new_password1"])
        if commit:
            self.user.save(update_fields=["password"])
        return self.user


def _in_words(seconds):
    if seconds <= 90:
        return f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"


class TokenForm(Form):
    """A token's name, the account that it acts for, its scopes and how long it is valid."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = CleanCharField(
        max_length=80,
        label="What is it for?",
        help_text="Such as “Website” or “Morning report”: so you know it again when you revoke it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    user = forms.ChoiceField(
        label="Who does what it does?",
        help_text="The history of each booking says so.",
        error_messages={"invalid_choice": "This integration is not there any more. Choose again."},
    )
    integration = CleanCharField(
        label="Name of the integration",
        max_length=80,
        required=False,
        help_text="As the history will name it, such as “Channel manager”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick no more than it needs.",
        error_messages={"required": "Tick at least one.", "invalid_choice": "Tick what is in the list."},
    )
    lasts = forms.ChoiceField(
        label="How long?",
        choices=LASTS,
        initial="90",
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose one of the list."),
    )

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        self.actor = actor
        self.fields["form_key"].initial = uuid.uuid4
        may_manage = actor.access.may(Action.PEOPLE, None)
        self._integrations = {str(each.pk): each for each in tokens.integrations()} if may_manage else {}
        self.fields["user"].choices = [
            (MYSELF, f"Me, {actor}"),
            *[(key, each.first_name) for key, each in self._integrations.items()],
            (NEW, "A new integration…"),
        ]
        if not may_manage:
            del self.fields["user"], self.fields["integration"]

    @property
    def helper(self):
        whom = ["user", Div("integration", css_class="only-for-new")] if "user" in self.fields else []
        scopes = Field("scopes", template="accounts/scopes.html")
        return fields_only("form_key", "name", *whom, scopes, "lasts")

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("user") != NEW:
            cleaned["integration"] = ""
            self.errors.pop("integration", None)
        elif not cleaned.get("integration") and "integration" not in self.errors:
            self.add_error("integration", ValidationError("Please fill this in.", code="required"))
        return cleaned

    @property
    def wanted(self):
        """The arguments of `tokens.issue`, except the actor, from a valid form."""
        cleaned = dict(self.cleaned_data)
        account, lasts = cleaned.pop("user", MYSELF), cleaned.pop("lasts")
        user = self.actor if account == MYSELF else self._integrations.get(account)
        return {"integration": ""} | cleaned | {"user": user, "expires_at": _end(lasts)}


def _end(lasts):
    return None if lasts == NEVER else clock.now() + dt.timedelta(days=int(lasts))
