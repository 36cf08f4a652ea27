"""The rest of the catalogue of bad inputs: what is wrong is not one body but who asks, how, or how often.

Each test's name begins with the row it proves.
"""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import tokens
from api.idempotency import RETENTION
from api.views import ApiView
from reservations import booking
from reservations.models import Closure, Event, Guest, Reservation
from reservations.stay import Stay
from tests.api.programs import V1, Program, refused
from tests.factories import ARRIVAL, make_apartment, make_group, make_guest, make_hotel, make_reservation, make_user
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db

GUEST = {"name": "Amara Okafor"}


def routes():
    """(route, view) of every address of the API."""

    def walk(patterns, route):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, f"{route}{each.pattern}")
            elif isinstance(each, URLPattern) and issubclass(getattr(each.callback, "cls", object), ApiView):
                yield f"/{route}{each.pattern}", each.callback.cls

    return sorted(walk(get_resolver().url_patterns, ""), key=lambda each: each[0])


@pytest.fixture
def keys(alice):
    """A key for every address, by the address's first word."""
    hotel = make_hotel()
    stay = make_reservation(make_apartment())
    nights = Stay.of_nights(ARRIVAL, 2)
    closure = booking.close(unit=hotel.units.first(), stay=nights, kind=Closure.Kind.CLEANING, actor=None)
    return {
        "properties": hotel.pk,
        "units": hotel.units.first().pk,
        "reservations": stay.reference,
        "guests": stay.guest_id,
        "closures": closure.pk,
        "groups": make_group().pk,
        "voice-notes": make_note(reservation=stay).pk,
    }


def address(route, keys):
    return re.sub("<[^>]+>", str(keys.get(route.split("/")[3])), route)


class TestAnyAddress:
    @pytest.mark.parametrize(("route", "view"), routes())
    @pytest.mark.sampled(12)
    def test_h10_a_method_that_does_nothing_here_is_refused_with_those_that_do(self, program, keys, route, view):
        known = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
        allowed = known | ({"HEAD"} & {"HEAD" for name in known if name == "GET"})

        for method in {"TRACE", "PUT", "FOO", "OPTIONS", "PATCH", "DELETE", "POST"} - known:
            answer = program.client.generic(method, address(route, keys), headers=program.headers)

            refused(answer, 405, code="method_not_allowed")
            assert set(answer.headers["Allow"].split(", ")) == allowed

    @pytest.mark.parametrize(("route", "view"), [each for each in routes() if hasattr(each[1], "get")])
    def test_h11_head_is_get_without_a_body(self, program, keys, route, view):
        path, events = address(route, keys), Event.objects.count()

        get = program.client.get(path, headers=program.headers)
        head = program.client.head(path, headers=program.headers)

        assert get.status_code < 500
        assert (head.status_code, head.headers.items()) == (get.status_code, get.headers.items())
        assert not b"".join(head)
        assert Event.objects.count() == events

    @pytest.mark.parametrize(("route", "view"), routes())
    @pytest.mark.sampled(12)
    def test_p07_nobody_gets_in_without_a_token(self, keys, route, view):
        for method in ("get", "post", "patch", "delete"):
            if hasattr(view, method):
                answer = Client().generic(method.upper(), address(route, keys), b"{}", "application/json")

                refused(answer, 401)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize(("route", "view"), routes())
    @pytest.mark.sampled(12)
    def test_p07_a_token_does_nothing_that_its_scopes_do_not_name(self, keys, alice, route, view):
        for method in ("get", "post", "patch", "delete"):
            if hasattr(view, method):
                needed = view.read_scope if method == "get" else view.write_scope
                scopes = [each for each in ("availability", "notes:write", "reservations:write") if each != needed]
                program = Program.of(alice, *scopes)

                answer = program.client.generic(
                    method.upper(), address(route, keys), b"{}", "application/json", headers=program.headers
                )

                refused(answer, 403, code="missing_scope", words=str(needed))


class TestAddressesAndHosts:
    def test_h01_a_host_that_is_not_ours_is_not_repeated(self, program):
        answer = program.client.get(f"{V1}/properties/", headers=program.headers | {"Host": "evil.example"})

        refused(answer, 400)
        assert "evil" not in answer.content.decode()

    def test_h02_links_lead_to_the_real_host(self, program):
        make_guest("One"), make_guest("Two")
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Port": "666"}

        page = program.get("/guests/", {"limit": 1}, **forged)
        made = program.post("/guests/", GUEST, **forged)

        assert page.json()["next"].startswith("http://testserver/api/v1/guests/")
        assert made.headers["Location"].startswith("http://testserver/api/v1/guests/")

    def test_h02_nobody_asks_more_often_from_forged_addresses(self, program, settings):
        settings.API_REQUESTS_PER_MINUTE = 2

        with time_machine.travel(dt.datetime(2027, 5, 3, 12, tzinfo=dt.UTC), tick=False):
            answers = [program.get("/guests/", x_forwarded_for=f"10.0.0.{number}") for number in range(6)]

        assert [answer.status_code for answer in answers[-2:]] == [429, 429]  # a minute may have begun in between

    def test_h12_an_address_without_its_slash_is_told_the_right_one(self, program):
        refused(program.post("/guests", GUEST), 404, words=f"{V1}/guests/")


class TestBrowsers:
    @pytest.fixture
    def browser(self, alice):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(alice)
        return client

    def test_p08_a_browser_reads_but_writes_nothing_without_its_token(self, browser):
        assert browser.get(f"{V1}/guests/").status_code == 200
        refused(browser.post(f"{V1}/guests/", GUEST, "application/json"), 403)
        assert not Guest.objects.exists()

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/x-www-form-urlencoded", "&".join(f"f{n}=1" for n in range(1001))),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=f\r\n\r\n1\r\n" * 1001),
            (
                "multipart/form-data; boundary=x",
                '--x\r\nContent-Disposition: form-data; name=f; filename="f"\r\n\r\n1\r\n' * 101,
            ),
            ("multipart/form-data", "--x\r\n"),
            (f"multipart/form-data; boundary={'x' * 10_000}", "--x\r\n"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--",
            ),
        ],
    )
    def test_h08_h09_a_form_that_cannot_be_read_is_refused(self, browser, content_type, body):
        answer = browser.generic("POST", f"{V1}/guests/", body, content_type)

        assert answer.status_code in (400, 403, 415)
        refused(answer, answer.status_code)

    def test_h06_what_is_too_large_is_refused_before_a_browsers_token_is_looked_for_in_it(self, browser):
        answer = browser.generic("POST", f"{V1}/guests/", b"x" * 31 * 2**20, "multipart/form-data; boundary=x")

        refused(answer, 413, code="too_large")

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
    def test_p09_pages_of_other_sites_are_not_let_in(self, program, origin):
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}

        answers = [
            program.get("/guests/", origin=origin),
            program.client.options(f"{V1}/guests/", headers=preflight),
        ]

        for answer in answers:
            assert not [name for name in answer.headers if name.lower().startswith("access-control-allow")]

    def test_p12_a_session_that_has_ended_is_told_so_and_not_led_to_a_page(self, browser):
        browser.logout()

        for answer in (browser.get(f"{V1}/guests/"), browser.post(f"{V1}/guests/", GUEST, "application/json")):
            refused(answer, 401, code="not_authenticated")
            assert "HX-Redirect" not in answer.headers

    def test_p13_what_a_page_fragment_would_be_asked_with_changes_nothing(self, program):
        make_guest("Amara Okafor")
        forged = {"HX-Request": "true", "HX-Target": "guest-list", "HX-Current-URL": "https://evil.example/"}

        assert program.get("/guests/", **forged).content == program.get("/guests/").content
        refused(Client().get(f"{V1}/guests/", headers=forged), 401)


class TestTokens:
    @pytest.mark.parametrize(
        "said",
        [
            "", "Bearer", "Bearer ", "Bearer rt_garbage", "Bearer \u00e9", "Bearer " + "x" * 10_000, "Basic YTpi",
            "Token rt_x", "rt_x", "Bearer null", "Bearer rt_x, Bearer rt_y", "Bearer ' OR 1=1",
        ],
    )  # fmt: skip
    def test_p07_what_is_no_token_lets_nobody_in(self, said):
        answer = Client().get(f"{V1}/guests/", headers={"Authorization": said})

        refused(answer, 401)
        assert "garbage" not in answer.content.decode()

    @pytest.mark.parametrize("end", ["expired", "revoked", "left"])
    def test_p07_a_token_that_does_not_stand_any_more_lets_nobody_in(self, alice, end):
        token, secret = tokens.issue(user=alice, name="Old", scopes=["reservations:read"], actor=alice)
        if end == "expired":
            type(token).objects.update(expires_at=token.created_at)
        elif end == "revoked":
            tokens.revoke(token=token, actor=alice)
        else:
            type(alice).objects.update(is_active=False)

        refused(Program(secret).get("/guests/"), 401, words="token")

    def test_p07_a_token_in_an_address_is_none(self, program):
        secret = program.headers["Authorization"].removeprefix("Bearer ")

        for name in ("token", "access_token", "api_key", "Authorization"):
            refused(Program().get("/guests/", {name: secret}), 401, code="not_authenticated")

    def test_p14_who_asks_too_often_is_told_when_to_come_again(self, program, settings):
        settings.API_REQUESTS_PER_MINUTE = 3

        answers = [program.get("/guests/") for _ in range(8)]

        problem = refused(answers[-1], 429, code="throttled", words="Retry-After")
        assert problem["status"] == 429
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


class TestTheSameAgain:
    def test_h19_the_same_booking_twice_is_one(self, program):
        body = {"property": make_apartment().pk, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "Bo"}

        with_key = [program.post("/reservations/", body, idempotency_key="one").status_code for _ in range(2)]
        without = program.post("/reservations/", body)

        assert with_key == [201, 201]
        refused(without, 409, code="dates_taken")
        assert Reservation.objects.count() == 1

    @pytest.mark.parametrize("key", ["", "x" * 256, "x" * 300, "é", "a\tb"])
    def test_p10_a_key_that_is_none_is_refused(self, program, key):
        refused(program.post("/guests/", GUEST, idempotency_key=key), 400, code="unfit_key")
        assert not Guest.objects.exists()

    def test_p10_a_key_is_its_senders_own(self, program, alice):
        other = Program.of(make_user("bob"))

        first, second = (each.post("/guests/", GUEST, idempotency_key="one") for each in (program, other))

        assert first.json()["id"] != second.json()["id"]

    def test_p10_after_a_day_a_key_is_new_again(self, program, database_clock):
        first = program.post("/guests/", GUEST, idempotency_key="one").json()
        database_clock.shift(RETENTION + dt.timedelta(hours=1))
        later = program.post("/guests/", {"name": "Bo Li"}, idempotency_key="one")

        assert later.status_code == 201
        assert later.json()["id"] != first["id"]

    @pytest.mark.parametrize("body", ['{"\\ud800": 1}', '{"name": ' + "[" * 900 + "]" * 900 + "}", "[]", "null"])
    def test_p10_a_key_on_a_body_that_is_none_is_no_fault_of_ours(self, program, body):
        refused(program.post("/guests/", body, idempotency_key="one"), 400)

        assert program.post("/guests/", GUEST, idempotency_key="one").status_code == 201

    def test_p06_what_is_over_stays_readable_and_is_not_changed(self, program, keys):
        path = f"/closures/{keys['closures']}/"

        assert program.post(f"{path}reopen/").status_code == 200
        refused(program.post(f"{path}reopen/"), 409, code="already_reopened")
        refused(program.patch(path, {"note": "x"}, if_match='"2"'), 409, code="already_reopened")
        assert program.get(path).status_code == 200

    @pytest.mark.parametrize("name", ["Ж" * 200, "🛏" * 200, "a" * 200])
    def test_h13_our_own_cursors_are_taken_however_long_a_name_is(self, program, name):
        make_guest(name), make_guest(name)

        first = program.get("/guests/", {"ordering": "name", "limit": 1})

        assert len(first.json()["next"]) < 4000  # what a web server takes
        assert len(program.client.get(first.json()["next"], headers=program.headers).json()["results"]) == 1
