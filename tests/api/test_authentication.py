"""Who asks is known before anything is done, and what a token may do stands in the schema."""

import base64
import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import Scope, User
from reservations.models import Reservation
from tests.api.operations import operations
from tests.api.programs import V1, Program
from tests.factories import make_apartment, make_user

pytestmark = pytest.mark.django_db

OPERATIONS = operations()


def issue(user, **wanted):
    return tokens.issue(**{"user": user, "name": "Tests", "scopes": Scope.values, "actor": user} | wanted)


def asked_with(authorization=None, query=""):
    headers = {"Authorization": authorization} if authorization is not None else {}
    return Client().get(f"{V1}/properties/{query}", headers=headers)


def assert_401(answer, code):
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Roomtone"'
    assert answer.json()["code"] == code


class TestToken:
    def test_it_opens(self, alice):
        _, secret = issue(alice)

        assert asked_with(f"Bearer {secret}").status_code == 200

    @pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
    def test_the_scheme_is_read_as_http_reads_it(self, alice, scheme):
        _, secret = issue(alice)

        assert asked_with(f"{scheme} {secret} ").status_code == 200

    @pytest.mark.parametrize("authorization", [None, "", "Token {}", "{}", "Basic {}", "BearerX {}"])
    def test_without_one_nobody_asks(self, alice, authorization):
        _, secret = issue(alice)
        asked = authorization and authorization.format(secret)

        assert_401(asked_with(asked), "not_authenticated")

    @pytest.mark.parametrize("as_password", [True, False])
    def test_it_is_no_password_of_basic(self, alice, as_password):
        _, secret = issue(alice)
        pair = f"alice:{secret}" if as_password else f"{secret}:"

        answer = asked_with(f"Basic {base64.b64encode(pair.encode()).decode()}")

        assert_401(answer, "not_authenticated")

    @pytest.mark.parametrize("name", ["token", "access_token", "key", "api_key", "Authorization"])
    def test_it_is_never_read_from_the_address(self, alice, name):
        _, secret = issue(alice)

        answer = asked_with(query=f"?{name}={secret}")

        assert_401(answer, "not_authenticated")
        assert secret not in answer.content.decode()

    @pytest.mark.parametrize("wrong", ["", "x", "rt_" + "a" * 43, "é", "a b", "%00", "rt_" + "a" * 7000])
    def test_garbage_is_nobody(self, alice, wrong):
        answer = asked_with(f"Bearer {wrong}")

        assert_401(answer, "unknown_token")
        assert wrong == "" or wrong not in answer.content.decode() or len(wrong) < 8

    def test_an_expired_one_says_so(self, alice):
        _, secret = issue(alice, expires_at=timezone.now() - dt.timedelta(seconds=1))

        assert_401(asked_with(f"Bearer {secret}"), "expired_token")

    def test_a_revoked_one_says_so_from_the_next_request_on(self, alice):
        token, secret = issue(alice)
        assert asked_with(f"Bearer {secret}").status_code == 200

        tokens.revoke(token=token, actor=alice)

        assert_401(asked_with(f"Bearer {secret}"), "revoked_token")

    def test_it_ends_with_the_account(self, alice):
        _, secret = issue(alice)
        User.objects.update(is_active=False)

        assert_401(asked_with(f"Bearer {secret}"), "inactive_user")

    def test_a_wrong_one_is_not_made_good_by_a_session(self, desk):
        answer = desk.get(f"{V1}/properties/", headers={"Authorization": "Bearer rt_wrong"})

        assert_401(answer, "unknown_token")

    def test_with_a_token_no_csrf_is_asked(self, alice):
        _, secret = issue(alice)
        flat = make_apartment()
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(make_user("bob"))

        answer = browser.post(
            f"{V1}/reservations/",
            booking_request(flat),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

        assert answer.status_code == 201
        assert Reservation.objects.get().created_by == alice  # who the token acts for, whoever is signed in


class TestSession:
    @pytest.fixture
    def browser(self, alice):
        """Alice's, and the value of its CSRF cookie in `browser.csrf`."""
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(alice)
        browser.get("/properties/new/")
        browser.csrf = next(cookie.value for name, cookie in browser.cookies.items() if "csrf" in name)
        return browser

    def book(self, browser, **headers):
        flat = make_apartment()
        return browser.post(
            f"{V1}/reservations/", booking_request(flat), content_type="application/json", headers=headers, secure=True
        )

    def test_a_signed_in_browser_reads(self, browser):
        assert browser.get(f"{V1}/properties/").status_code == 200

    def test_it_writes_with_its_csrf_token(self, browser, alice):
        answer = self.book(browser, X_CSRFToken=browser.csrf, Referer="https://testserver/")

        assert answer.status_code == 201
        assert Reservation.objects.get().created_by == alice

    @pytest.mark.parametrize("csrf", [None, "", "a" * 32])
    def test_without_it_is_refused(self, browser, csrf):
        headers = {} if csrf is None else {"X-CSRFToken": csrf}

        answer = self.book(browser, Referer="https://testserver/", **headers)

        assert answer.status_code == 403
        assert answer.json()["code"] == "csrf_failed"
        assert "CSRF Failed" not in answer.content.decode()
        assert not Reservation.objects.exists()

    @pytest.mark.parametrize("origin", ["https://evil.example", "null"])
    def test_a_page_of_another_site_is_refused_even_with_it(self, browser, origin):
        answer = self.book(browser, X_CSRFToken=browser.csrf, Origin=origin)

        assert answer.status_code == 403
        assert not Reservation.objects.exists()


class TestOtherSites:
    """Browsers ask first, and show an answer to a page of another site only where a header says so."""

    SITE = "https://www.example.com"
    ASKING = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}

    @pytest.mark.parametrize("origin", [SITE, "null"])
    @pytest.mark.parametrize("path", [f"{V1}/properties/", "/api/schema/", "/accounts/login/"])
    def test_none_is_let_in_unless_it_is_said(self, alice, origin, path):
        _, secret = issue(alice)
        headers = {"Origin": origin, "Authorization": f"Bearer {secret}"}

        answer = Client().get(path, headers=headers)
        asked_first = Client().options(path, headers={"Origin": origin} | self.ASKING)

        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Origin" not in asked_first.headers

    def test_one_that_is_said_asks_first_and_is_answered(self, alice, settings):
        settings.CORS_ALLOWED_ORIGINS = [self.SITE]
        _, secret = issue(alice)

        asked_first = Client().options(f"{V1}/reservations/", headers={"Origin": self.SITE} | self.ASKING)
        answer = Client().get(f"{V1}/properties/", headers={"Origin": self.SITE, "Authorization": f"Bearer {secret}"})

        assert asked_first.status_code == 200
        assert asked_first.headers["Access-Control-Allow-Origin"] == self.SITE
        assert "POST" in asked_first.headers["Access-Control-Allow-Methods"]
        assert {"authorization", "idempotency-key", "if-match"} <= set(
            asked_first.headers["Access-Control-Allow-Headers"].split(", ")
        )
        assert answer.headers["Access-Control-Allow-Origin"] == self.SITE
        assert "etag" in answer.headers["Access-Control-Expose-Headers"]
        assert "origin" in answer.headers["Vary"].lower()

    def test_not_with_the_cookies_of_who_is_signed_in(self, desk, settings):
        settings.CORS_ALLOWED_ORIGINS = [self.SITE]

        answer = desk.get(f"{V1}/properties/", headers={"Origin": self.SITE})

        assert "Access-Control-Allow-Credentials" not in answer.headers

    @pytest.mark.parametrize("origin", ["https://example.com", "http://www.example.com", "null", f"{SITE}.evil.org"])
    def test_no_other_comes_with_it(self, settings, origin):
        settings.CORS_ALLOWED_ORIGINS = [self.SITE]

        answer = Client().options(f"{V1}/properties/", headers={"Origin": origin} | self.ASKING)

        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_nowhere_but_in_the_api(self, settings):
        settings.CORS_ALLOWED_ORIGINS = [self.SITE]

        assert (
            "Access-Control-Allow-Origin" not in Client().get("/accounts/login/", headers={"Origin": self.SITE}).headers
        )


def test_the_schema_is_walked():
    assert {"get /api/v1/properties/", "post /api/v1/reservations/"} <= {str(each) for each in OPERATIONS}
    assert {each.scope for each in OPERATIONS} <= set(Scope.values)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
@pytest.mark.sampled(14)
def test_no_operation_answers_a_stranger(operation):
    answer = getattr(Program(), operation.method)(operation.sample)

    assert_401(answer, "not_authenticated")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
@pytest.mark.sampled(14)
def test_each_scope_opens_what_the_schema_says_and_nothing_else(operation, alice):
    opened = {
        scope
        for scope in Scope.values
        if not _is_closed(getattr(Program.of(alice, scope), operation.method)(operation.sample), operation)
    }

    assert opened == {operation.scope}


def _is_closed(answer, operation):
    assert answer.status_code < 500
    if answer.status_code != 403 or answer.json()["code"] != "missing_scope":
        return False
    assert operation.scope in answer.json()["detail"]
    return True


def booking_request(flat):
    return {"property": flat.pk, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "Amara Okafor"}
