"""What is compressed on its way to the browser, and for whom."""

import gzip

import pytest

from reservations.booking import lifecycle
from reservations.tape.changes import cursor
from tests.api.programs import Program
from tests.factories import make_hotel, make_reservation
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db

WANTED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
OWN_PAGE = WANTED | {"Sec-Fetch-Site": "same-origin"}
# Bytes; Django's middleware compresses no shorter response of any kind.
SHORTEST = 200


def encoding(response):
    return response.headers.get("Content-Encoding")


class TestPages:
    def test_a_page_is_compressed_for_who_came_from_one_of_ours(self, desk):
        plain = desk.get("/calendar/", secure=True).content

        response = desk.get("/calendar/", secure=True, headers=OWN_PAGE)

        assert encoding(response) == "gzip"
        assert gzip.decompress(response.content).startswith(b"<!doctype html>")
        assert int(response.headers["Content-Length"]) == len(response.content) < len(plain) / 3
        assert "Accept-Encoding" in response.headers["Vary"]
        assert response.headers["Cache-Control"] == "private, no-store"

    def test_a_page_whose_address_was_typed_is_compressed(self, desk):
        response = desk.get("/", secure=True, headers=WANTED | {"Sec-Fetch-Site": "none"})

        assert encoding(response) == "gzip"

    @pytest.mark.parametrize("site", ["cross-site", "same-site", None])
    def test_a_page_that_another_site_asked_for_is_not(self, desk, site):
        asked = WANTED | ({"Sec-Fetch-Site": site} if site else {})

        assert encoding(desk.get("/guests/?q=moreau", secure=True, headers=asked)) is None

    def test_without_https_there_is_no_length_to_hide(self, desk):
        assert encoding(desk.get("/", headers=WANTED)) == "gzip"

    def test_who_does_not_want_it_gets_it_plain(self, desk):
        response = desk.get("/", secure=True, headers={"Sec-Fetch-Site": "same-origin"})

        assert encoding(response) is None
        assert response.content.startswith(b"<!doctype html>")

    def test_two_of_one_page_do_not_have_one_length(self, desk):
        """Pages are padded at random. Without that, their nonces and tokens would change the length by some bytes."""
        lengths = {len(desk.get("/properties/", secure=True, headers=OWN_PAGE).content) for _ in range(20)}

        assert max(lengths) - min(lengths) > 40

    def test_the_nonce_of_the_header_is_the_one_of_the_page(self, desk):
        response = desk.get("/", secure=True, headers=OWN_PAGE)

        nonce = response.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
        assert f'nonce="{nonce}"'.encode() in gzip.decompress(response.content)

    def test_a_part_of_a_page_is_compressed(self, desk):
        make_hotel(["101"])
        asked = OWN_PAGE | {"HX-Request": "true", "HX-Target": "calendar"}

        response = desk.get("/calendar/", secure=True, headers=asked)

        assert encoding(response) == "gzip"
        assert b"<!doctype html>" not in gzip.decompress(response.content)

    def test_no_news_is_an_empty_response(self, desk):
        response = desk.get(f"/calendar/changes/?since={cursor()}", secure=True, headers=OWN_PAGE)

        assert (response.status_code, encoding(response), response.content) == (204, None, b"")


class TestWhatStaysAsItIs:
    def test_sound_whole_and_in_part(self, desk):
        note = make_note(reservation=make_reservation())
        address = f"/voice-notes/{note.pk}/audio"

        whole = desk.get(address, secure=True, headers=OWN_PAGE)
        part = desk.get(address, secure=True, headers=OWN_PAGE | {"Range": "bytes=0-299"})

        assert (whole.status_code, encoding(whole)) == (200, None)
        assert (part.status_code, encoding(part), part.headers["Content-Length"]) == (206, None, "300")

    def test_downloads(self, desk):
        reservation = make_reservation()
        lifecycle.cancel(reservation=reservation, reason="The ferry does not go. " * 5, actor=None)

        response = desk.get(f"/reservations/{reservation.reference}/history.csv", secure=True, headers=OWN_PAGE)

        assert (response.status_code, encoding(response)) == (200, None)
        assert len(response.content) > SHORTEST

    def test_the_api_and_its_etags(self, alice):
        reservation = make_reservation()

        response = Program.of(alice).get(f"/reservations/{reservation.reference}/", **OWN_PAGE)

        assert (response.status_code, encoding(response)) == (200, None)
        assert len(response.content) > SHORTEST
        assert response.headers["ETag"].startswith('"')
