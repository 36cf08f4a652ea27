import datetime as dt
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from accounts.models import SignInAttempts
from tests.concurrency.crowd import at_once
from tests.factories import make_apartment, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PASSWORD = "the-night-desk-9"


@pytest.fixture
def quick_hashes(settings):
    """Where passwords are many and their hashes are not the point."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def lena():
    return make_user("lena", password=PASSWORD)


def sign_in(client, username="lena", password=PASSWORD, headers=None, **fields):
    return client.post(LOGIN, {"username": username, "password": password} | fields, headers=headers)


@pytest.mark.usefixtures("lena")
class TestSignIn:
    def test_it_leads_to_today(self, client):
        assert sign_in(client)["Location"] == "/"

    def test_it_leads_on_to_where_one_was(self, client):
        assert sign_in(client, next="/properties/?q=a")["Location"] == "/properties/?q=a"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\\evil.example",
            "///evil.example",
            "\x00",
        ],
    )
    def test_it_never_leads_away(self, client, elsewhere):
        assert sign_in(client, next=elsewhere)["Location"] == "/"
        assert client.get(LOGIN, {"next": elsewhere})["Location"] == "/"  # signed in already

    @pytest.mark.parametrize(
        ("username", "password"),
        [("lena", "wrong"), ("nobody", PASSWORD), ("LENA", PASSWORD), ("lena", PASSWORD * 200)],
    )
    def test_it_does_not_say_which_of_the_two_is_wrong(self, client, username, password):
        response = sign_in(client, username, password)

        assert response.status_code == 422
        assert "This user name and password do not match." in response.content.decode()
        assert "_auth_user_id" not in client.session

    def test_a_switched_off_account_is_like_none(self, client):
        get_user_model().objects.update(is_active=False)

        response = sign_in(client)

        assert "This user name and password do not match." in response.content.decode()

    def test_switching_an_account_off_ends_its_sessions(self, client):
        sign_in(client)
        get_user_model().objects.update(is_active=False)

        assert client.get("/properties/")["Location"].startswith(LOGIN)

    @pytest.mark.parametrize("field", ["username", "password"])
    def test_a_nul_is_refused_as_a_wrong_password_is(self, client, field):
        assert sign_in(client, **{field: "le\x00na"}).status_code == 422

    def test_the_session_gets_a_new_key(self, client):
        client.get(LOGIN)
        client.session["seen"] = True
        client.session.save()
        before = client.session.session_key

        sign_in(client)

        assert client.session.session_key != before

    def test_signing_out_takes_the_session_away(self, client):
        sign_in(client)
        key = client.session.session_key

        client.post("/accounts/logout/")

        assert not client.session.exists(key)
        assert client.get("/properties/")["Location"].startswith(LOGIN)


@pytest.mark.usefixtures("quick_hashes", "lena")
class TestGuessing:
    """Wrong passwords are counted for one account from one address."""

    def guess(self, client, times=5, **options):
        return [sign_in(client, password=f"wrong-{number}", **options).status_code for number in range(times)]

    def test_after_five_wrong_ones_no_password_is_looked_at_for_a_while(self, client):
        assert self.guess(client) == [422] * 5

        response = sign_in(client)

        assert response.status_code == 429
        words = r"Too many wrong passwords for this account from here\. Wait \d+ seconds, then try again\."
        assert re.search(words, response.content.decode())
        assert "_auth_user_id" not in client.session

    def test_whoever_waited_signs_in_and_is_forgiven(self, client):
        self.guess(client)
        SignInAttempts.objects.update(blocked_until=timezone.now() - dt.timedelta(seconds=1))

        assert sign_in(client).status_code == 302
        assert not SignInAttempts.objects.exists()

    def test_each_further_one_doubles_the_wait_up_to_a_quarter_of_an_hour(self, client):
        waits = []
        for _ in range(13):
            self.guess(client, times=1)
            known = SignInAttempts.objects.get()
            waits.append(round((known.blocked_until - known.last_at).total_seconds()))
            SignInAttempts.objects.update(blocked_until=known.last_at)

        assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]

    def test_a_colleague_at_the_same_desk_is_not_locked_out(self, client):
        make_user("mara", password=PASSWORD)
        self.guess(client, times=9)

        assert sign_in(client, username="mara").status_code == 302

    def test_a_stranger_elsewhere_locks_nobody_out(self, client):
        self.guess(Client(REMOTE_ADDR="203.0.113.9"), times=9)

        assert sign_in(client).status_code == 302

    def test_an_account_that_is_none_is_counted_all_the_same(self, client):
        assert self.guess(client, times=6, username="nobody") == [422] * 5 + [429]

    def test_an_address_is_what_the_proxy_has_seen_and_not_what_the_sender_says(self, client, settings):
        settings.PROXIES = 1
        for number in range(5):
            sign_in(client, password="wrong", headers={"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.9"})

        assert sign_in(client, headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.9"}).status_code == 429
        assert sign_in(client, headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}).status_code == 302

    def test_all_addresses_of_one_ipv6_network_are_one(self):
        for number in range(5):
            self.guess(Client(REMOTE_ADDR=f"2001:db8::{number}"), times=1)

        assert sign_in(Client(REMOTE_ADDR="2001:db8::99")).status_code == 429
        assert sign_in(Client(REMOTE_ADDR="2001:db8:1::1")).status_code == 302

    def test_what_was_counted_is_forgotten_in_the_end(self, client):
        self.guess(client)
        SignInAttempts.objects.update(last_at=timezone.now() - dt.timedelta(hours=2))

        assert sign_in(client).status_code == 302


@pytest.mark.usefixtures("quick_hashes")
@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_count_too():
    make_user("lena", password=PASSWORD)

    statuses = at_once(12, lambda number: sign_in(Client(), password=f"wrong-{number}").status_code)

    assert sorted(statuses) == [422] * 5 + [429] * 7


class TestSignedOutAtWork:
    def test_a_page_is_come_back_to(self, client):
        assert client.get("/properties/?q=a")["Location"] == f"{LOGIN}?next=/properties/%3Fq%3Da"

    def test_a_form_leads_back_to_its_page_and_says_that_nothing_was_saved(self, client):
        flat = make_apartment()
        page = f"http://testserver/properties/{flat.pk}/?a=1"
        headers = {"Referer": page, "Accept": "text/html"}

        response = client.post(f"/properties/{flat.pk}/archive/", headers=headers, follow=True)

        assert response.redirect_chain == [(f"{LOGIN}?next=/properties/{flat.pk}/%3Fa%3D1", 302)]
        assert "nothing was saved" in response.content.decode()
        flat.refresh_from_db()
        assert flat.archived_at is None

    @pytest.mark.parametrize("referer", ["", "https://evil.example/properties/", "//evil.example/"])
    def test_a_form_of_unknown_origin_leads_to_the_start(self, client, referer):
        response = client.post("/properties/1/archive/", headers={"Referer": referer})

        assert response["Location"] == f"{LOGIN}?next=/"

    def test_a_live_search_sends_the_whole_page_to_the_sign_in(self, client):
        headers = {
            "HX-Request": "true",
            "HX-Target": "property-list",
            "HX-Current-URL": "http://testserver/properties/",
        }

        response = client.get("/properties/?q=a", headers=headers)

        assert response.content == b""
        assert response["HX-Redirect"] == f"{LOGIN}?next=/properties/"
