"""What a token is, from the verbs: stored as a digest, recognised while it is valid, ended by those who may."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.forms import PasswordResetForm
from django.db import IntegrityError
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import Scope, Token, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


@pytest.fixture
def mara(db):
    """A manager."""
    return make_user("mara", role="manager")


def issue(user, *, actor=None, **wanted):
    return tokens.issue(
        **{"user": user, "name": "Website", "scopes": [Scope.AVAILABILITY], "actor": actor or user} | wanted
    )


def refusal(secret):
    with pytest.raises(tokens.TokenRefused) as refused:
        tokens.recognise(secret)
    return refused.value.code


class TestIssue:
    def test_the_database_has_the_digest_and_not_the_secret(self, alice):
        token, secret = issue(alice)

        row = " ".join(str(value) for value in Token.objects.filter(pk=token.pk).values_list()[0])
        assert secret.removeprefix("rt_") not in row
        assert token.digest in row
        assert secret.startswith("rt_")
        assert len(secret) == 46  # 256 bits

    def test_the_hint_tells_tokens_apart_and_no_more(self, alice):
        token, secret = issue(alice)

        assert token.hint == secret[:8]

    def test_no_two_secrets_are_alike(self, alice):
        assert len({issue(alice)[1] for _ in range(20)}) == 20

    def test_nobody_makes_one_for_a_colleague(self, alice, mara):
        with pytest.raises(tokens.NotYours):
            issue(alice, actor=mara)
        with pytest.raises(tokens.NotYours):
            issue(mara, actor=alice)

    def test_managers_make_them_for_integrations_and_others_do_not(self, alice, mara):
        token, _ = issue(None, integration="Door locks", actor=mara)

        assert (token.user.is_integration, token.user.first_name, token.created_by) == (True, "Door locks", mara)
        with pytest.raises(tokens.NotYours):
            issue(token.user, actor=alice)
        with pytest.raises(tokens.NotYours):
            issue(None, integration="Mine", actor=alice)
        assert tokens.integrations().count() == 1

    def test_two_integrations_have_two_names(self, mara):
        tokens.add_integration(name="Door locks", actor=mara)

        with pytest.raises(tokens.IntegrationExists, match="named door LOCKS already"):
            issue(None, integration="door LOCKS", actor=mara)
        assert not Token.objects.exists()

    def test_people_may_be_namesakes(self):
        assert [make_user(name, first_name="Kim").first_name for name in ("kim", "kim2")] == ["Kim", "Kim"]

    def test_a_form_makes_one_token(self, alice, mara):
        key = uuid.uuid4()
        issue(None, integration="Door locks", actor=mara, form_key=key)

        with pytest.raises(tokens.MadeAlready):
            issue(None, integration="Door locks", actor=mara, form_key=key)
        with pytest.raises(tokens.MadeAlready):
            issue(alice, form_key=key)
        assert Token.objects.count() == 1

    @pytest.mark.parametrize("scopes", [[], ["everything"], ["availability", "admin"]])
    def test_the_database_knows_the_scopes(self, alice, scopes):
        with pytest.raises(IntegrityError):
            issue(alice, scopes=scopes)


class TestRecognise:
    def test_it_says_who_and_asks_once(self, alice, django_assert_num_queries):
        token, secret = issue(alice)
        tokens.recognise(secret)  # the first use is written down

        with django_assert_num_queries(1):
            found = tokens.recognise(secret)
            assert (found, found.user) == (token, alice)

    @pytest.mark.parametrize("wrong", ["", "rt_", "rt_" + "a" * 43, "\x00", "\udcff", "ключ", "a" * 100_000])
    def test_nobody_is_recognised_by_another_word(self, alice, wrong):
        issue(alice)

        assert refusal(wrong) == "unknown_token"

    def test_neither_digest_nor_hint_open_anything(self, alice):
        token, secret = issue(alice)

        assert refusal(token.digest) == refusal(token.hint) == refusal(secret[:-1]) == refusal(secret + "a")
        assert refusal(secret.upper()) == "unknown_token"

    def test_it_ends_at_its_instant(self, alice, database_clock):
        _, secret = issue(alice, expires_at=NOW)

        database_clock.stop_at(NOW - dt.timedelta(minutes=1))
        assert tokens.recognise(secret)
        database_clock.stop_at(NOW)
        assert refusal(secret) == "expired_token"

    def test_a_revoked_one_is_refused(self, alice):
        token, secret = issue(alice)

        tokens.revoke(token=token, actor=alice)

        assert refusal(secret) == "revoked_token"

    def test_it_ends_with_the_account(self, alice):
        _, secret = issue(alice)
        User.objects.update(is_active=False)

        assert refusal(secret) == "inactive_user"

    def test_its_use_is_written_down_every_five_minutes_at_most(self, alice, database_clock):
        token, secret = issue(alice)

        database_clock.stop_at(NOW)
        for minutes, used in [(0, 0), (4, 0), (1, 5), (1, 5), (3, 5), (1, 10)]:
            database_clock.shift(dt.timedelta(minutes=minutes, seconds=1))
            tokens.recognise(secret)
            token.refresh_from_db()
            assert round((token.last_used_at - NOW) / dt.timedelta(minutes=1)) == used

    def test_a_refused_one_counts_as_no_use(self, alice):
        token, secret = issue(alice, expires_at=timezone.now())

        refusal(secret)

        token.refresh_from_db()
        assert token.last_used_at is None


class TestRevoke:
    def test_it_says_who_and_when_and_stays_so(self, mara):
        token, _ = issue(None, integration="Door locks", actor=mara)
        other = make_user("olga", role="manager")

        tokens.revoke(token=token, actor=mara)
        first = token.revoked_at
        tokens.revoke(token=token, actor=other)

        assert (token.revoked_by, token.revoked_at) == (mara, first)

    def test_a_colleagues_is_not_ended(self, alice, mara):
        token, secret = issue(alice)

        with pytest.raises(tokens.NotYours):
            tokens.revoke(token=token, actor=mara)
        assert tokens.recognise(secret)

    def test_an_integrations_is_ended_by_managers_alone(self, alice, mara):
        token, secret = issue(None, integration="Door locks", actor=mara)

        with pytest.raises(tokens.NotYours):
            tokens.revoke(token=token, actor=alice)
        assert tokens.recognise(secret)


class TestIntegrations:
    @pytest.fixture
    def locks(self, mara):
        return tokens.add_integration(name="Door locks", actor=mara)

    @pytest.mark.parametrize("password", ["", "!", "the-night-desk-9"])
    def test_it_cannot_sign_in(self, client, locks, password):
        response = client.post("/accounts/login/", {"username": locks.username, "password": password})

        assert response.status_code == 422
        assert "_auth_user_id" not in client.session

    def test_not_even_with_a_password_that_somebody_gave_it(self, client, locks):
        locks.set_password("the-night-desk-9")
        locks.save()

        response = client.post("/accounts/login/", {"username": locks.username, "password": "the-night-desk-9"})

        assert response.status_code == 422
        assert "do not match" in response.content.decode()
        assert "_auth_user_id" not in client.session

    def test_no_password_is_reset(self, locks):
        locks.email = "locks@example.com"
        locks.save()

        assert list(PasswordResetForm().get_users("locks@example.com")) == []
        with pytest.raises(NoReverseMatch):
            reverse("password_reset")


class TestAdmin:
    def test_it_is_a_window_without_the_digest(self, client, alice):
        token, _ = issue(alice)
        client.force_login(make_user("root", is_superuser=True, is_staff=True))

        shown = (
            client.get("/admin/accounts/token/").content
            + client.get(f"/admin/accounts/token/{token.pk}/change/").content
        )

        assert token.hint.encode() in shown
        assert token.digest.encode() not in shown
        assert client.get("/admin/accounts/token/add/").status_code == 403
        assert client.post(f"/admin/accounts/token/{token.pk}/change/", {"name": "x"}).status_code == 403
        assert client.post(f"/admin/accounts/token/{token.pk}/delete/", {"post": "yes"}).status_code == 403
