import datetime as dt
import uuid

import psutil
import pytest
from django.urls import reverse
from django.utils import timezone

from notes.files import storage
from notes.sound.containers import Container
from tests.factories import make_apartment, make_reservation
from tests.notes.notes import make_note

DATA = bytes(range(256)) * 1000  # not sound: what is stored is served, and never looked into


@pytest.fixture
def note(alice):
    return make_note(audio=DATA, container="webm")


@pytest.fixture
def listen(desk, note):
    def get(method="get", query="", **headers):
        address = reverse("notes:audio", args=[note.pk]) + query
        return getattr(desk, method)(address, headers={name.replace("_", "-"): v for name, v in headers.items()})

    return get


def body(response):
    return b"".join(response.streaming_content)


def test_it_gives_the_whole_recording(listen, note):
    response = listen()

    assert response.status_code == 200
    assert body(response) == DATA
    assert response["Content-Length"] == str(len(DATA))
    assert response["Content-Type"] == "audio/webm"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{note.sha256}"'
    assert response["Content-Disposition"] == "inline"


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-", 0, 256_000),
        ("bytes=0-0", 0, 1),
        ("bytes=-500", 255_500, 256_000),
        ("bytes=100000-", 100_000, 256_000),
        ("bytes=70000-200000", 70_000, 200_001),
        ("bytes=255999-999999999", 255_999, 256_000),
    ],
)
def test_it_gives_a_part(listen, header, start, stop):
    response = listen(range=header)

    assert response.status_code == 206
    assert body(response) == DATA[start:stop]
    assert response["Content-Length"] == str(stop - start)
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/256000"


@pytest.mark.parametrize("header", ["bytes=256000-", "bytes=-0", "bytes=999999-9999999"])
def test_it_says_how_much_there_is_when_asked_for_more(listen, header):
    response = listen(range=header)

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */256000"
    assert response.content == b""


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=" + ",".join(["0-0"] * 1000), "bytes=9-3", "x"])
def test_it_gives_the_whole_for_many_ranges_and_for_nonsense(listen, header):
    response = listen(range=header)

    assert response.status_code == 200
    assert body(response) == DATA


def test_it_gives_a_part_only_of_what_the_client_has_already(listen, note):
    same, other = f'"{note.sha256}"', '"of-before"'

    assert listen(range="bytes=0-9", if_range=same).status_code == 206
    assert listen(range="bytes=0-9", if_range=other).status_code == 200
    assert listen(range="bytes=0-9", if_range="Fri, 20 Nov 2026 09:14:00 GMT").status_code == 200
    assert listen(range="bytes=0-9", if_range=f"W/{same}").status_code == 200


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"x", "{}"'])
def test_it_sends_nothing_that_the_client_has(listen, note, form):
    response = listen(if_none_match=form.format(note.sha256))

    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == f'"{note.sha256}"'


def test_it_answers_head_as_get_without_a_body(listen):
    response = listen("head", range="bytes=0-9")

    assert response.status_code == 200
    assert not response.streaming
    assert response.content == b""
    assert response["Content-Length"] == "256000"
    assert response["Content-Type"] == "audio/webm"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_takes_no_other_method(listen, method):
    assert listen(method).status_code == 405


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-9"}, {"range": "bytes=256000-"}])
def test_it_lets_a_browser_play_it_and_nothing_else(listen, headers):
    response = listen(**headers)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("container", Container)
def test_it_names_the_type_from_its_own_table(desk, alice, container):
    note = make_note(audio=DATA, container=container)

    assert desk.get(reverse("notes:audio", args=[note.pk]))["Content-Type"] == container.media_type


def test_it_names_a_download_by_reservation_and_local_time(desk, alice):
    reservation = make_reservation(make_apartment(time_zone="Asia/Tokyo"), reference="RT-7K3QX")
    recorded_at = dt.datetime(2026, 11, 20, 0, 14, tzinfo=dt.UTC)
    note = make_note(audio=DATA, container="m4a", reservation=reservation, recorded_at=recorded_at)

    response = desk.get(reverse("notes:audio", args=[note.pk]) + "?download")

    assert response["Content-Disposition"] == 'attachment; filename="RT-7K3QX-2026-11-20-0914.m4a"'


def test_it_needs_a_sign_in(client, note):
    address = reverse("notes:audio", args=[note.pk])

    response = client.get(address, headers={"range": "bytes=0-9"})

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))


def test_it_hides_a_deleted_note(listen, note):
    note.deleted_at = timezone.now()
    note.save()

    assert listen().status_code == 404
    assert listen(range="bytes=0-9").status_code == 404
    assert listen(if_none_match=f'"{note.sha256}"').status_code == 404


def test_it_knows_no_other_note(desk):
    assert desk.get(reverse("notes:audio", args=[uuid.uuid4()])).status_code == 404


def test_it_says_not_found_when_the_file_is_gone(listen, note):
    note.audio.storage.delete(note.audio.name)

    assert listen().status_code == 404


def test_it_reads_a_recording_in_blocks(listen, monkeypatch):
    monkeypatch.setattr(storage, "BLOCK", 1000)

    blocks = list(listen(range="bytes=0-2499"))

    assert [len(block) for block in blocks] == [1000, 1000, 500]


@pytest.mark.parametrize("read", [0, 1])
def test_it_closes_the_file_when_the_listener_goes_away(listen, note, read):
    def is_open():
        return any(file.path == note.audio.path for file in psutil.Process().open_files())

    response = listen()
    for _ in zip(range(read), response, strict=False):
        pass
    assert is_open()

    response.close()

    assert not is_open()


def test_it_serves_from_any_storage(desk, alice, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}
    note = make_note(audio=DATA, container="webm")

    response = desk.get(reverse("notes:audio", args=[note.pk]), headers={"range": "bytes=100-199"})

    assert body(response) == DATA[100:200]
