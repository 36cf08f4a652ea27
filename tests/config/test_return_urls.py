import pytest
from django.test import RequestFactory

from config.return_urls import own_path
from tests.factories import make_reservation

pytestmark = pytest.mark.django_db

STRANGE = [
    "foo",
    "notes:list",
    "foo/bar",
    "//elsewhere.test/x",
    "https://elsewhere.test/x",
    "javascript:alert(1)",
    "",
    "?q=1",
    "\\\\x",
    "[",
    "http://[",
]


@pytest.mark.parametrize("address", STRANGE)
def test_what_is_no_page_of_ours_leads_nowhere(address):
    assert own_path(RequestFactory().get("/", HTTP_HOST="testserver"), address) == ""


@pytest.mark.parametrize("address", ["/notes/?q=x", "http://testserver/notes/?q=x"])
def test_our_pages_are_led_to_with_their_query(address):
    assert own_path(RequestFactory().get("/", HTTP_HOST="testserver"), address) == "/notes/?q=x"


@pytest.mark.parametrize("address", STRANGE)
def test_undoing_what_was_heard_ends_on_a_page_whatever_it_is_told(desk, address):
    response = desk.post(f"/notes/read/1/undo/?{'back=' + address}")

    assert response["Location"] == "/notes/"


@pytest.mark.parametrize("address", STRANGE)
@pytest.mark.sampled(4)
def test_signing_in_leads_to_a_page_whatever_it_is_told(client, alice, address):
    alice.set_password("correct horse battery")
    alice.save()

    response = client.post(
        "/accounts/login/", {"username": "alice", "password": "correct horse battery", "next": address}
    )

    assert response["Location"] == "/"


@pytest.mark.parametrize("address", STRANGE)
def test_a_step_leads_to_a_page_wherever_it_says_it_was_pressed(desk, address):
    stay = make_reservation()

    response = desk.post(f"/reservations/{stay.reference}/cancel/", {"why": ""}, headers={"Referer": address})
    response = desk.post(f"/reservations/{stay.reference}/reinstate/", headers={"Referer": address})

    assert response["Location"] == f"/reservations/{stay.reference}/"
