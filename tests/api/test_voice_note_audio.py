"""A program listens: the same answers as a player on a page gets."""

import hashlib
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from notes.sound.containers import Container
from tests.factories import make_reservation
from tests.notes.clips import recording
from tests.notes.each_state import without_audio
from tests.notes.notes import make_note, make_typed

DATA = bytes(range(256)) * 1000  # not sound: what is stored is served, and never looked into
SHA256 = hashlib.sha256(DATA).hexdigest()

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(alice):
    return make_note(reservation=make_reservation(), audio=DATA, container="webm")


@pytest.fixture
def listen(program, note):
    return lambda **headers: program.get(f"/voice-notes/{note.pk}/audio", **headers)


def body(response):
    return b"".join(response.streaming_content)


def test_it_gives_the_whole_sound(listen):
    response = listen()

    assert (response.status_code, body(response)) == (200, DATA)
    assert response["Content-Type"] == "audio/webm"
    assert response["Content-Length"] == str(len(DATA))
    assert response["ETag"] == f'"{SHA256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("container", Container)
@pytest.mark.sampled(8)
def test_its_media_type_is_that_of_its_content(program, note, container):
    other = make_note(reservation=note.reservation, audio=DATA, container=container)
    address = f"/voice-notes/{other.pk}/"

    assert program.get(f"{address}audio")["Content-Type"] == program.get(address).json()["audio"]["media_type"]


def test_its_address_stands_in_the_note(program, note):
    address = program.get(f"/voice-notes/{note.pk}/").json()["audio"]["address"]

    assert address == f"http://testserver/api/v1/voice-notes/{note.pk}/audio"
    assert body(program.client.get(address, headers=program.headers)) == DATA


@pytest.mark.parametrize(
    ("wanted", "start", "stop"), [("0-0", 0, 1), ("-500", 255_500, 256_000), ("70000-", 70_000, 256_000)]
)
def test_it_gives_a_part(listen, wanted, start, stop):
    response = listen(range=f"bytes={wanted}")

    assert (response.status_code, body(response)) == (206, DATA[start:stop])
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/256000"


def test_it_says_how_much_there_is_when_asked_for_more(listen):
    response = listen(range="bytes=256000-")

    assert (response.status_code, response.content) == (416, b"")
    assert response["Content-Range"] == "bytes */256000"


def test_a_part_of_another_sound_is_not_mixed_into_this_one(listen):
    assert listen(range="bytes=0-9", if_range=f'"{SHA256}"').status_code == 206
    assert listen(range="bytes=0-9", if_range='"another"').status_code == 200


def test_what_one_has_is_not_sent_again(listen):
    response = listen(if_none_match=f'"{SHA256}"')

    assert (response.status_code, response.content) == (304, b"")


def test_a_player_may_ask_for_the_head_alone(program, note):
    response = program.client.head(f"/api/v1/voice-notes/{note.pk}/audio", headers=program.headers)

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(DATA))


@pytest.mark.parametrize("accept", ["audio/webm", "audio/*;q=0.9", "*/*", "text/html"])
def test_a_player_may_accept_what_it_likes(listen, accept):
    assert listen(accept=accept).status_code == 200


def test_what_has_no_sound_says_so_in_json(program, note, alice):
    gone = make_note(reservation=note.reservation)
    default_storage.delete(gone.audio.name)
    silent = [make_typed(reservation=note.reservation), gone]
    silent.append(without_audio(make_note(reservation=note.reservation, audio_erased_at=note.recorded_at)))

    for each in silent:
        response = program.get(f"/voice-notes/{each.pk}/audio", accept="audio/webm")
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
        assert response.json()["code"] == "not_found"


def test_nothing_but_reading_is_done_there(program, note):
    assert program.post(f"/voice-notes/{note.pk}/audio").status_code == 405
    assert program.get(f"/voice-notes/{note.pk}/audio/").status_code == 404


def test_a_rendition_has_an_address_of_its_own(program):
    key, played = uuid.uuid4(), recording("m4a")
    note = make_note(
        pk=key,
        container="amr",
        audio=DATA,
        playable="rendered",
        rendition=default_storage.save(f"2027/05/{key}-played.m4a", ContentFile(played)),
        rendition_size=len(played),
        rendition_sha256=hashlib.sha256(played).hexdigest(),
    )

    shown = program.get(f"/voice-notes/{note.pk}/").json()["audio"]
    answer = program.client.get(shown["played"]["address"], headers=program.headers)

    assert (shown["media_type"], shown["sha256"], shown["playable"]) == ("audio/amr", note.sha256, "rendered")
    assert body(program.client.get(shown["address"], headers=program.headers)) == DATA
    assert (answer["Content-Type"], answer["ETag"]) == ("audio/mp4", f'"{shown["played"]["sha256"]}"')
    assert body(answer) == played


def test_a_rendition_that_is_not_there_yet_has_none(program):
    note = make_note(container="amr", audio=DATA, playable="due", gaps=[[6.0, 5.0]])

    shown = program.get(f"/voice-notes/{note.pk}/").json()["audio"]

    assert (shown["playable"], shown["played"]) == ("due", None)
    assert shown["gaps"] == [{"at": 6.0, "seconds": 5.0}]
