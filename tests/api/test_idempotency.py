"""`Idempotency-Key`: sent twice, done once; and what counts as the same request, and as the same key."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from api import idempotency
from api.models import IdempotentResponse
from reservations.api.views import reservations as views
from reservations.booking import lifecycle
from reservations.models import Event, Reservation
from tests.api.programs import Program
from tests.api.test_booking import booking_request
from tests.factories import make_apartment, make_reservation, make_user


@pytest.fixture
def flat(db):
    return make_apartment()


def book(program, flat, key="one", **fields):
    return program.post("/reservations/", booking_request(flat, **fields), idempotency_key=key)


def test_a_repetition_is_answered_with_version_and_place_as_the_first_was(program, flat):
    first, again = book(program, flat), book(program, flat)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("ETag", "Location", "Content-Type", "Cache-Control"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers


def test_a_repetition_is_answered_as_it_was_though_the_world_went_on(program, flat):
    first = book(program, flat)
    lifecycle.cancel(reservation=Reservation.objects.get(), actor=None)

    assert book(program, flat).content == first.content


def test_the_order_and_the_spaces_of_json_make_no_other_request(program, flat):
    first = book(program, flat)
    turned = ", ".join(f'"{name}" : "{value}"' for name, value in reversed(booking_request(flat).items()))
    turned = turned.replace(f'"{flat.pk}"', str(flat.pk))

    again = program.post("/reservations/", f"{{ {turned} }}", idempotency_key="one")

    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", "x" * 256, "Schlüssel", "two words", "a\x7fb"])
def test_a_key_that_is_none_is_refused_before_anything_is_done(program, flat, key):
    answer = book(program, flat, key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "unfit_key")
    assert not Reservation.objects.exists()


def test_the_longest_key_is_taken(program, flat):
    assert book(program, flat, key="~" * 255).status_code == 201


def test_keys_of_others_are_other_keys(program, flat):
    bob = Program.of(make_user("bob"))

    mine = book(program, flat)
    theirs = book(bob, make_apartment())

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["reference"] != theirs.json()["reference"]


def test_two_tokens_of_one_person_share_their_keys(alice, flat):
    assert book(Program.of(alice), flat).content == book(Program.of(alice), flat).content
    assert Reservation.objects.count() == 1


def test_another_address_with_the_same_key_is_refused(program, flat):
    book(program, flat)

    other = program.post("/closures/", booking_request(flat), idempotency_key="one")

    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_a_refusal_is_not_kept_so_that_the_same_key_books_once_the_nights_are_free(program, flat):
    existing = make_reservation(flat)
    assert book(program, flat).status_code == 409

    lifecycle.cancel(reservation=existing, actor=None)
    answer = book(program, flat)

    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_a_body_that_was_refused_may_be_mended_under_the_same_key(program, flat):
    assert book(program, flat, party_size="two").status_code == 400

    assert book(program, flat, party_size=2).status_code == 201


def test_a_fault_after_the_verb_leaves_neither_a_row_nor_an_answer(program, flat, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(views, "answer", fail)
        assert book(program, flat).status_code == 500

    assert not Reservation.objects.exists()
    assert not Event.objects.exists()
    assert not IdempotentResponse.objects.exists()
    assert book(program, flat).status_code == 201


def test_a_key_older_than_a_day_is_new_again(program, flat, database_clock):
    first = book(program, flat)

    database_clock.shift(idempotency.RETENTION - dt.timedelta(minutes=1))
    assert book(program, flat).content == first.content
    database_clock.shift(dt.timedelta(minutes=2))
    again = book(program, flat)

    assert again.status_code == 409  # its own nights are taken: it was not answered from memory
    assert [each["reservation"] for each in again.json()["in_the_way"]] == [first.json()["reference"]]


def test_answers_are_forgotten_after_a_day_and_not_before(program, flat):
    book(program, flat, key="old")
    IdempotentResponse.objects.update(created_at=timezone.now() - idempotency.RETENTION - dt.timedelta(seconds=1))
    book(program, make_apartment(), key="young")

    assert idempotency.delete_expired() == 1
    assert [response.key for response in IdempotentResponse.objects.all()] == ["young"]


def test_answers_about_what_was_erased_are_forgotten_however_much_it_was(alice):
    gone, there = uuid.uuid4(), uuid.uuid4()
    for key in (gone, there):
        body = f'{{"id":"{key}","address":"/voice-notes/{key}/"}}'
        IdempotentResponse.objects.create(user=alice, key=str(key), fingerprint="", status=202, body=body)

    idempotency.delete_responses_naming([gone, *(uuid.uuid4() for _ in range(5000))])

    assert [response.key for response in IdempotentResponse.objects.all()] == [str(there)]


def test_names_that_are_no_text_are_refused_like_any_other(program, flat):
    answer = program.post("/reservations/", '{"\\ud800": 1}', idempotency_key="one")

    assert answer.status_code == 400


# --- forms: as the voice notes send them ----------------------------------------------------------------------------


def form(boundary, *files, **fields):
    """The request that a program makes with these, parted by this boundary."""
    content = encode_multipart(boundary, fields | {"audio_file": [SimpleUploadedFile("note.wav", f) for f in files]})
    plain = RequestFactory().post(
        "/api/v1/voice-notes/", content, content_type=MULTIPART_CONTENT.replace("BoUnDaRyStRiNg", boundary)
    )
    return Request(plain, parsers=[MultiPartParser()])


def fingerprint(*args, **fields):
    return idempotency._fingerprint(form(*args, **fields))


def test_a_forms_boundary_makes_no_other_request():
    assert fingerprint("one", b"sound", language="en") == fingerprint("two", b"sound", language="en")


@pytest.mark.parametrize(
    ("files", "fields"), [([b"noise"], {"language": "en"}), ([b"sound"], {"language": "pt"}), ([b"sound"], {})]
)
def test_another_sound_or_field_makes_another_request(files, fields):
    assert fingerprint("one", b"sound", language="en") != fingerprint("one", *files, **fields)


def test_two_files_of_one_name_are_two():
    assert fingerprint("one", b"so", b"und") != fingerprint("one", b"sound")
    assert fingerprint("one", b"so", b"und") != fingerprint("one", b"und", b"so")


def test_the_file_can_still_be_read_from_its_beginning():
    request = form("one", b"sound")

    idempotency._fingerprint(request)

    assert request.data["audio_file"].read() == b"sound"
