"""What the recorder sends, and what it is told: always in JSON, always where the server stands."""

import hashlib
import uuid
from functools import partial
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from notes.models import Piece, Recording, VoiceNote
from notes.views import recording as recording_views
from notes.waiting import wait_for_change
from tests.factories import make_hotel, make_reservation, make_user
from tests.notes.clips import browser_recording

pytestmark = pytest.mark.django_db

SOUND = browser_recording()
KEY = uuid.UUID("5d6a3a1e-0000-4000-8000-000000000001")
NOTHING = {"expected": 0, "text": "", "transcribed_seconds": 0.0, "is_transcribed": False, "note": None}


@pytest.fixture
def stay(db):
    return make_reservation()


def address(verb="", key=KEY):
    return f"/recordings/{key}/{verb}"


def send(desk, index, data, **fields):
    fields = {"chunk": SimpleUploadedFile("chunk", data), "segment": 0, "seconds": 1.5} | fields
    return desk.post(address(f"chunks/{index}/"), fields)


def send_all(desk, stay):
    send(desk, 0, SOUND[:1000], reservation=stay.reference)
    return send(desk, 1, SOUND[1000:], reservation=stay.reference)


def test_chunks_stop_and_save_make_a_note(desk, stay):
    assert send_all(desk, stay).json() == NOTHING | {"expected": 2}
    assert desk.post(address("stop/"), {"chunks": 2, "seconds": 1}).json()["expected"] == 2

    saved = desk.post(address("save/"), {"chunks": 2, "seconds": 1})
    again = desk.post(address("save/"), {"chunks": 2, "seconds": 1})

    note = VoiceNote.objects.get()
    assert (saved.status_code, again.status_code) == (HTTPStatus.CREATED, HTTPStatus.OK)
    assert saved.json()["note"] == again.json()["note"]
    assert saved.json()["note"] == {
        "id": str(KEY),
        "sha256": hashlib.sha256(SOUND).hexdigest(),
        "size": note.size,
        "url": f"/voice-notes/{KEY}/",
    }
    assert desk.get(address()).json()["note"]["id"] == str(KEY)


def test_an_unknown_key_stands_at_nothing(desk):
    assert desk.get(address()).json() == NOTHING


def test_a_gap_says_what_is_expected(desk, stay):
    send(desk, 0, b"one", reservation=stay.reference)

    for response in (
        send(desk, 5, b"six", reservation=stay.reference),
        desk.post(address("stop/"), {"chunks": 9, "seconds": 1}),
        desk.post(address("save/"), {"chunks": 9, "seconds": 1}),
    ):
        assert (response.status_code, response.json()["expected"]) == (HTTPStatus.CONFLICT, 1)


def test_the_text_so_far_comes_with_each_answer(desk, stay):
    send_all(desk, stay)
    recording = Recording.objects.get()
    for index, words in enumerate(("Two towels", "for the loft.")):
        segments = [{"start": 0, "end": 1, "text": words, "words": []}]
        Piece.objects.create(recording=recording, index=index, start=0, end=1, segments=segments)
    Recording.objects.update(transcribed_seconds=20.5)

    state = send(desk, 2, b"more", reservation=stay.reference).json()

    assert (state["text"], state["transcribed_seconds"]) == ("Two towels for the loft.", 20.5)
    assert desk.get(address("?wait=1&transcribed=0.0")).json()["text"] == "Two towels for the loft."


def test_a_question_that_waits_is_answered_in_the_end(desk, stay, monkeypatch):
    monkeypatch.setattr(recording_views, "wait_for_change", partial(wait_for_change, seconds=0.01))
    send_all(desk, stay)

    assert desk.get(address("?wait=1&transcribed=0.0")).json()["expected"] == 2


@pytest.mark.parametrize("heard", ["0", "0.0", "nan?"])  # JavaScript writes 0.0 as 0
def test_only_a_question_about_news_waits(desk, stay, monkeypatch, heard):
    waits = []
    monkeypatch.setattr(recording_views, "wait_for_change", lambda key, has_changed: waits.append(has_changed()))
    send_all(desk, stay)

    desk.get(address(f"?wait=1&transcribed={heard}"))

    assert waits == [heard == "nan?"]


def test_a_hotel_without_a_guest_in_mind_takes_recordings(desk):
    hotel = make_hotel()

    send(desk, 0, SOUND, property=hotel.pk)
    desk.post(address("save/"), {"chunks": 1, "seconds": 1})

    assert VoiceNote.objects.get().property == hotel


def test_discarding_forgets(desk, stay):
    send_all(desk, stay)

    assert desk.post(address("discard/")).status_code == HTTPStatus.NO_CONTENT

    assert desk.get(address()).json() == NOTHING


@pytest.mark.parametrize(
    "fields",
    [
        {"segment": "x"},
        {"segment": -1},
        {"seconds": "nan"},
        {"seconds": "inf"},
        {"seconds": "1e999"},
        {"segment": ""},
        {"chunk": "not a file"},
        {"reservation": ""},
    ],
    ids=str,
)
def test_nonsense_is_refused_in_words(desk, stay, fields):
    response = send(desk, 0, b"one", **{"reservation": stay.reference} | fields)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(response.json()) == {"code", "message"}
    assert not Recording.objects.exists()


@pytest.mark.parametrize("place", [{"reservation": "RT-NOBOD"}, {"property": 999}, {"property": "x"}], ids=str)
def test_a_place_that_is_gone_is_not_found(desk, place):
    response = send(desk, 0, b"one", **place)

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "not there any more" in response.json()["message"]


def test_what_is_no_recording_is_refused_in_words(desk, stay):
    send(desk, 0, b"Dear guest", reservation=stay.reference)

    response = desk.post(address("save/"), {"chunks": 1, "seconds": 1})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.json()["code"] == "not_audio"


def test_somebody_elses_recording_is_not_there(desk, stay, client):
    send_all(desk, stay)
    client.force_login(make_user("bob"))

    for response in (
        client.get(address()),
        send(client, 2, b"x", reservation=stay.reference),
        client.post(address("stop/"), {"chunks": 2, "seconds": 1}),
        client.post(address("discard/")),
    ):
        assert (response.status_code, response.json()["code"]) == (HTTPStatus.NOT_FOUND, "gone")


def test_without_a_session_it_leads_to_the_sign_in(client):
    assert client.get(address()).status_code == HTTPStatus.FOUND
    assert client.post(address("chunks/0/")).status_code == HTTPStatus.FOUND
