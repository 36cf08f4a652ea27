"""Files that belong to no note, as a crash or a restored backup leaves them."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import call_command

from notes.erasure.orphans import YOUNG
from tests.notes.notes import make_note
from tests.notes.traces import audio

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def sweep(capsys):
    def sweep(*options, later=YOUNG + MINUTE):
        """Files have the times of the disk."""
        with time_machine.travel(dt.datetime.now(dt.UTC) + later, tick=False):
            call_command("sweep_audio", *options)
        return capsys.readouterr()

    return sweep


def test_files_without_a_note_are_named_and_deleted_only_when_asked(sweep):
    existing, lost = make_note(), make_note()
    name, half = lost.audio.name, lost.audio.name.replace(str(lost.pk), ".partial-x")
    Path(default_storage.path(half)).write_bytes(b"half")
    lost.delete()

    printed = sweep()
    assert set(printed.out.split()) == {name, half}
    assert "2 files belong to no note." in printed.err
    assert len(audio()) == 3
    assert set(sweep("--delete").out.split()) == {name, half}
    assert [path.stem for path in audio()] == [str(existing.pk)]
    assert sweep().out == ""


def test_a_second_file_of_the_same_note_is_one(sweep):
    note = make_note()
    copy = default_storage.save(note.audio.name, note.audio.open("rb"))

    assert sweep().out.split() == [copy]


def test_a_file_whose_note_is_not_written_yet_is_left(sweep):
    make_note().delete()

    assert sweep("--delete", later=YOUNG - MINUTE).out == ""


def test_a_site_without_notes_has_none(sweep):
    assert "0 files" in sweep().err
