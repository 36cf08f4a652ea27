"""The whole way of a program: a running Roomtone, a recording sent to it, and its text read."""

import hashlib
import re

import httpx
import pytest

from tests.speech.manifest import CLIPS, clips_in, word_errors

pytestmark = [pytest.mark.speech, pytest.mark.full]

# A reservation, and a token that may do everything.
PREPARE = """
from accounts import tokens
from accounts.models import Scope
from tests.factories import make_reservation, make_user
user = make_user("integration")
print("prepared", make_reservation().reference, tokens.issue(user=user, name="x", scopes=Scope.values, actor=user)[1])
"""
# Looks of 20 seconds each, on a busy machine and with the model still to be loaded.
MOST_LOOKS = 6


@pytest.fixture(scope="module")
def prepared(server):
    return re.search(r"prepared (\S+) (\S+)", server.run(PREPARE)).groups()


@pytest.fixture
def program(server, prepared):
    headers = {"Authorization": f"Bearer {prepared[1]}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60) as client:
        yield client


@pytest.fixture
def notes(prepared):
    return f"/reservations/{prepared[0]}/voice-notes/"


def test_a_recording_is_sent_and_its_text_read(program, notes):
    clip = next(clip for clip in clips_in(CLIPS) if clip.path.name == "boiler-handover.wav")
    data = clip.path.read_bytes()

    sent = program.post(notes, files={"audio_file": ("note.wav", data)})
    assert sent.status_code == 202
    for _ in range(MOST_LOOKS):
        note = program.get(sent.headers["Location"], params={"wait": 20}).json()
        if not note["progress"]:
            break

    sound = program.get(note["audio"]["address"]).content
    assert note["status"] == "transcribed"
    assert word_errors([(clip.reference, note["text"])]) < 0.45
    assert " ".join(word["text"] for segment in note["segments"] for word in segment["words"]) == note["text"]
    assert hashlib.sha256(sound).hexdigest() == note["audio"]["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("megabytes", [31, 40])
def test_a_recording_that_is_too_large_is_told_how_large_it_may_be(program, notes, megabytes):
    answer = program.post(notes, files={"audio_file": ("note.wav", bytes(megabytes * 2**20))})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "30 MB" in answer.json()["detail"]


def test_a_form_of_unknown_length_is_told_to_say_it(program, notes):
    pieces = (bytes(2**20) for _ in range(40))

    answer = program.post(notes, content=pieces, headers={"Content-Type": "multipart/form-data; boundary=x"})

    assert (answer.status_code, answer.json()["code"]) == (411, "length_missing")
