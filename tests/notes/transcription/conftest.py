"""A browser that sends what somebody says, and a worker that listens to it."""

import pytest

from notes.transcription import live_recordings
from tests.factories import make_reservation
from tests.notes.letters import Reader, Speaker, let_letters_be_sound


@pytest.fixture
def speaker(alice, monkeypatch):
    let_letters_be_sound(monkeypatch)
    return Speaker(alice, make_reservation())


@pytest.fixture
def listen(speaker):
    """What a worker does for the speaker's recording, with this transcriber."""

    def listen(reader=None):
        reader = reader or Reader()
        live_recordings.listen(speaker.key, transcriber=reader)
        return reader

    return listen
