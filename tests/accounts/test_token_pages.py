"""The page *API tokens*: a secret is in one answer, and in nothing that stays."""

import datetime as dt
import logging
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import tokens
from accounts.models import Scope, Token
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST, NEW = "/accounts/tokens/", "/accounts/tokens/new/"
QUERIES = 5
TOKEN_FIELDS = {"name": "Website", "scopes": ["availability", "reservations:write"], "lasts": "90"}


@pytest.fixture
def mara(db):
    return make_user("mara", last_name="Lind", role="manager")


@pytest.fixture
def managers(client, mara):
    """A browser signed in as Mara, who is a manager."""
    client.force_login(mara)
    return client


def make(client, **fields):
    return client.post(NEW, {"form_key": uuid.uuid4()} | TOKEN_FIELDS | fields)


def secrets_in(response):
    return set(re.findall(r"rt_[\w-]{43}", response.content.decode()))


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestMaking:
    def test_the_secret_is_shown_and_works(self, desk):
        response = make(desk)

        [secret] = secrets_in(response)
        token = tokens.recognise(secret)
        assert response.status_code == 200
        assert (token.user, token.name, token.scopes) == (desk.user, "Website", sorted(TOKEN_FIELDS["scopes"]))
        assert abs(token.expires_at - timezone.now() - dt.timedelta(days=90)) < dt.timedelta(minutes=1)

    def test_no_cache_keeps_the_answer(self, desk):
        for response in (make(desk), desk.get(NEW), make(desk, name="")):
            assert "no-store" in response.headers["Cache-Control"]

    def test_it_is_nowhere_afterwards(self, desk, caplog):
        with caplog.at_level(logging.DEBUG):
            [secret] = secrets_in(make(desk))

        kept = [str(row) for row in Session.objects.values_list("session_data")] + [str(dict(desk.session))]
        assert secret not in caplog.text
        assert secret not in " ".join(kept)
        assert secret not in "".join(str(cookie) for cookie in desk.cookies.values())
        for page in (LIST, NEW, "/"):
            assert secrets_in(desk.get(page)) == set()

    def test_three_lines_use_it(self, desk):
        response = make(desk, scopes=Scope.values)

        [secret] = secrets_in(response)
        lines = words(response).split("curl ")[1:]
        assert len(lines) == 3
        assert all(secret in line and "http://testserver/api/v1/" in line for line in lines)

    @pytest.mark.parametrize("scope", Scope.values)
    def test_the_lines_are_ones_that_the_token_may_do(self, desk, scope):
        text = words(make(desk, scopes=[scope]))

        writes_stays, writes_notes = "guest_name" in text, "audio_file" in text
        assert "curl " in text
        assert (writes_stays, writes_notes) == (scope == "reservations:write", scope == "notes:write")

    def test_sending_the_form_again_makes_no_second_one_and_shows_nothing(self, desk):
        key = uuid.uuid4()
        make(desk, form_key=key)

        again = make(desk, form_key=key)

        assert (again.status_code, again["Location"]) == (302, LIST)
        assert Token.objects.count() == 1
        page = desk.get(LIST)
        assert "made already, and its secret is shown only once" in words(page)
        assert secrets_in(page) == set()

    def test_htmx_gets_the_part_of_the_page(self, desk):
        headers = {"HX-Request": "true", "HX-Target": "token-page"}

        made = desk.post(NEW, TOKEN_FIELDS | {"form_key": uuid.uuid4()}, headers=headers)
        wrong = desk.post(NEW, TOKEN_FIELDS | {"name": ""}, headers=headers)

        assert len(secrets_in(made)) == 1
        assert (made.status_code, wrong.status_code) == (200, 422)
        for response in (made, wrong):
            assert response.content.strip().startswith(b'<div id="token-page">')

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"name": ""}, "Please fill this in."),
            ({"name": " \u200b "}, "Please fill this in."),
            ({"name": "x" * 81}, "Keep this to 80 characters; it has 81."),
            ({"scopes": []}, "Tick at least one."),
            ({"scopes": ["everything"]}, "Tick what is in the list."),
            ({"lasts": "9999"}, "Choose one of the list."),
            ({"lasts": ""}, "Choose one of the list."),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(self, desk, fields, said):
        response = make(desk, **fields)

        assert response.status_code == 422
        assert said in words(response)
        assert "No token is made yet." in words(response)
        assert not Token.objects.exists()

    @pytest.mark.parametrize(("lasts", "days"), [("30", 30), ("90", 90), ("365", 365), ("never", None)])
    def test_it_lasts_as_long_as_was_said(self, desk, lasts, days):
        make(desk, lasts=lasts)

        ends = Token.objects.get().expires_at
        assert (ends and round((ends - timezone.now()) / dt.timedelta(days=1))) == days

    def test_ninety_days_unless_said(self, desk):
        assert '<option value="90" selected>' in desk.get(NEW).content.decode()


class TestIntegrations:
    def test_a_manager_makes_one_with_its_token(self, managers, mara):
        [secret] = secrets_in(make(managers, user="new", integration="Channel manager"))

        token = tokens.recognise(secret)
        assert (str(token.user), token.user.is_integration, token.created_by) == ("Channel manager", True, mara)

    def test_the_next_token_is_for_the_same_one(self, managers, mara):
        locks = tokens.add_integration(name="Door locks", actor=mara)

        assert "Door locks" in words(managers.get(NEW))
        [secret] = secrets_in(make(managers, user=locks.pk))

        assert tokens.recognise(secret).user == locks

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"user": "new", "integration": ""}, "Please fill this in."),
            ({"user": "new", "integration": "door locks"}, "There is an integration named door locks already."),
            ({"user": "1000000"}, "This integration is not there any more."),
        ],
    )
    def test_what_is_wrong_is_said(self, managers, mara, fields, said):
        tokens.add_integration(name="Door locks", actor=mara)

        response = make(managers, **fields)

        assert response.status_code == 422
        assert said in words(response)
        assert not Token.objects.exists()

    def test_a_name_that_is_not_wanted_does_not_matter(self, managers, mara):
        assert make(managers, user="me", integration="x" * 200).status_code == 200
        assert Token.objects.get().user == mara

    def test_nobody_else_is_asked_or_may(self, desk, mara):
        locks = tokens.add_integration(name="Door locks", actor=mara)

        assert "Door locks" not in words(desk.get(NEW))
        make(desk, user=locks.pk, integration="Mine")

        assert Token.objects.get().user == desk.user
        assert list(tokens.integrations()) == [locks]

    def test_not_even_a_manager_for_a_colleague(self, managers, alice):
        assert make(managers, user=alice.pk).status_code == 422


class TestList:
    def issue(self, user, name, *, actor=None, **wanted):
        wanted = {"user": user, "name": name, "scopes": ["availability"], "actor": actor or user} | wanted
        return tokens.issue(**wanted)[0]

    def test_an_empty_one_says_what_tokens_are_for(self, desk):
        assert "You have no token yet." in words(desk.get(LIST))

    def test_ones_own_stand_there_and_no_colleagues(self, desk, mara):
        self.issue(desk.user, "Website")
        self.issue(mara, "Maras")
        locks = self.issue(None, "Till", actor=mara, integration="Door locks")

        text = words(desk.get(LIST))

        assert "Website" in text
        assert "See properties, rooms and what is free" in text
        assert "Maras" not in text
        assert locks.name not in text

    def test_a_manager_sees_those_of_integrations_too(self, managers, mara, alice):
        self.issue(None, "Till", actor=mara, integration="Door locks")
        self.issue(alice, "Alices")

        text = words(managers.get(LIST))

        assert "Of integrations" in text
        assert "Till" in text
        assert "Alices" not in text

    def test_those_that_are_over_come_last_and_grey(self, desk):
        revoked = self.issue(desk.user, "Revoked one")
        self.issue(desk.user, "Standing one")
        self.issue(desk.user, "Expired one", expires_at=timezone.now())
        tokens.revoke(token=revoked, actor=desk.user)

        page = desk.get(LIST).content.decode()

        assert re.findall(r"(\w+) one</bdi>", page) == ["Standing", "Expired", "Revoked"]
        assert page.count('class="is-over"') == 2
        assert page.count("/revoke/") == 1

    def test_what_people_typed_is_text(self, desk):
        self.issue(desk.user, "<b>x</b>")

        assert "<b>x</b>" not in desk.get(LIST).content.decode()

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_asks_as_often_for_many_as_for_few(self, managers, mara, count, django_assert_num_queries):
        locks = tokens.add_integration(name="Door locks", actor=mara)
        for number in range(count):
            self.issue(mara, f"Mine {number}")
            tokens.revoke(token=self.issue(locks, f"Theirs {number}", actor=mara), actor=mara)

        with django_assert_num_queries(QUERIES):
            managers.get(LIST)


class TestRevoking:
    @pytest.fixture
    def token(self, desk):
        return tokens.issue(user=desk.user, name="Website", scopes=["availability"], actor=desk.user)[0]

    def test_it_is_asked_first_and_a_look_changes_nothing(self, desk, token):
        response = desk.get(f"/accounts/tokens/{token.pk}/revoke/")

        token.refresh_from_db()
        assert "Revoke Website ?" in words(response)
        assert token.is_valid

    def test_it_ends_the_token(self, desk, token):
        response = desk.post(f"/accounts/tokens/{token.pk}/revoke/", follow=True)

        token.refresh_from_db()
        assert response.redirect_chain == [(LIST, 302)]
        assert "The token Website is revoked" in words(response)
        assert (token.is_valid, token.revoked_by) == (False, desk.user)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_colleagues_is_not_there(self, managers, alice, method):
        token = tokens.issue(user=alice, name="Website", scopes=["availability"], actor=alice)[0]

        assert getattr(managers, method)(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
        token.refresh_from_db()
        assert token.is_valid

    def test_an_integrations_is_there_for_managers_alone(self, desk, mara):
        token = tokens.issue(integration="Door locks", name="Till", scopes=["availability"], actor=mara)[0]
        address = f"/accounts/tokens/{token.pk}/revoke/"

        assert desk.post(address).status_code == 404
        desk.force_login(mara)
        assert desk.post(address).status_code == 302
        token.refresh_from_db()
        assert not token.is_valid
