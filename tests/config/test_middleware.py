"""Middleware, error pages, headers: what every page has."""

import json

import pytest
from django.test import Client

from tests.factories import make_apartment, make_reservation

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


class TestSignedOut:
    def test_an_htmx_request_is_sent_to_sign_in_as_a_whole_page(self, client):
        response = client.get(
            "/reservations/", headers=HTMX | {"HX-Current-URL": "http://testserver/calendar/?days=14"}
        )

        assert response.status_code == 204
        assert response["HX-Redirect"] == "/accounts/login/?next=/calendar/%3Fdays%3D14"

    def test_a_page_is_sent_to_sign_in_and_back(self, client):
        assert client.get("/reservations/?q=x").url == "/accounts/login/?next=/reservations/%3Fq%3Dx"


class TestRefusals:
    def test_a_page_gets_a_page_in_words(self, desk):
        reservation = make_reservation(status="cancelled")

        response = desk.get(f"/reservations/{reservation.reference}/edit/")

        assert response.status_code == 409
        assert "cancelled and cannot be changed" in response.content.decode()

    def test_a_part_of_a_page_gets_a_toast_and_is_left_as_it_is(self, desk):
        reservation = make_reservation(status="cancelled")

        response = desk.get(f"/reservations/{reservation.reference}/edit/", headers=HTMX)

        assert response.status_code == 409
        assert response["HX-Reswap"] == "none"
        assert "cannot be changed" in json.loads(response["HX-Trigger"])["toast"][0]["text"]
        assert response.content == b""


class TestErrors:
    def test_an_address_that_only_takes_forms_shows_a_page_to_who_opens_it(self, desk):
        """As on Enter in the address bar after a refused step."""
        response = desk.get(f"/reservations/{make_reservation().reference}/check-in/", headers={"Accept": "text/html"})

        assert (response.status_code, response["Allow"]) == (405, "POST")
        assert "It only takes what a button sends." in response.content.decode()

    def test_an_address_that_only_takes_forms_sends_a_program_no_page(self, desk):
        assert desk.get(f"/reservations/{make_reservation().reference}/check-in/").content == b""

    def test_an_unknown_address_says_so_in_words(self, desk):
        response = desk.get("/nowhere/")

        assert response.status_code == 404
        assert "There is nothing here." in response.content.decode()

    def test_a_form_without_its_token_says_that_nothing_was_saved(self, alice):
        desk = Client(enforce_csrf_checks=True)
        desk.force_login(alice)

        response = desk.post("/reservations/new/", {})

        assert response.status_code == 403
        assert "Nothing was saved" in response.content.decode()

    def test_a_broken_view_shows_no_trace(self, desk, monkeypatch):
        desk.raise_request_exception = False
        monkeypatch.setattr("reservations.views.today.daily_overview", lambda: 1 / 0)

        response = desk.get("/")

        assert response.status_code == 500
        assert "ZeroDivisionError" not in response.content.decode()
        assert "Something broke on our side" in response.content.decode()


class TestHeaders:
    def test_only_this_page_may_use_the_microphone(self, desk):
        assert "microphone=(self)" in desk.get("/")["Permissions-Policy"]

    def test_nothing_inline_and_nothing_foreign_may_run(self, desk):
        policy = desk.get("/")["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        script = next(part for part in policy.split("; ") if part.startswith("script-src "))
        assert "unsafe" not in script

    def test_parts_and_pages_are_cached_apart(self, desk):
        make_apartment()

        assert "HX-Request" in desk.get("/reservations/")["Vary"]

    def test_no_page_is_loaded_from_outside(self, desk):
        page = desk.get("/reservations/new/").content.decode()

        assert "//" not in page.replace("http://www.w3.org/2000/svg", "")


def test_health_needs_no_sign_in_and_says_nothing_else(client):
    response = client.get("/healthz")

    assert response.json() == {"status": "ok"}


def test_a_message_travels_with_an_htmx_answer(desk):
    """Shown once: the next page does not repeat it."""
    reservation = make_reservation()
    desk.post(f"/reservations/{reservation.reference}/cancel/", {"reason": ""})

    response = desk.get("/reservations/", headers=HTMX | {"HX-Target": "reservation-list"})

    assert "is cancelled" in json.loads(response["HX-Trigger"])["toast"][0]["text"]
    assert "is cancelled" not in desk.get("/reservations/").content.decode()
