import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notes.engines.base import DEFAULT_OPTIONS, EngineFailed
from notes.engines.fake import FakeEngine
from notes.management.commands import transcribe
from notes.transcription.accuracy import Errors, word_errors
from tests.notes.clips import recording, tone
from tests.notes.notes import make_note, make_transcript


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("Room two hundred and four.", "room 204", Errors(0, 2)),
        ("It's twenty pounds, um, at the centre", "it is £20 at the center", Errors(0, 6)),
        ("The second key is missing", "The key was missing", Errors(2, 5)),
        ("", "You", Errors(1, 0)),
        ("One key", "", Errors(2, 2)),
        ("", "", Errors(0, 0)),
    ],
)
def test_it_counts_words_not_ways_to_write_them(said, heard, errors):
    assert word_errors(said, heard) == errors


def test_other_languages_keep_their_words():
    assert word_errors("Está a chover", "está a chover.", language="pt") == Errors(0, 3)


@pytest.mark.parametrize(("errors", "rate"), [(Errors(), 0.0), (Errors(1, 0), 1.0), (Errors(1, 4) + Errors(2, 2), 0.5)])
def test_errors_add_up(errors, rate):
    assert errors.rate == rate


# --- by what staff changed ----------------------------------------------------------------------------------------


def machine_wrote(words, **fields):
    return make_transcript(make_note(), **{"text": words, "machine_text": words} | fields)


def edited(words, text):
    return machine_wrote(words, text=text, edited_at=timezone.now())


@pytest.mark.django_db
def test_it_says_what_staff_changed_and_nothing_that_was_said(capsys):
    edited("the old mill of loft", "The Old Mill Loft.")
    machine_wrote("the key is here", rating=1)

    call_command("evaluate_transcripts")

    said = capsys.readouterr().out
    assert said == ("fake fake: 2 notes, 1 edited; 1 errors in 4 words (25.0%) in those; thumbs up 1, down 0\n")


@pytest.mark.django_db
def test_typed_notes_are_no_machine_s(capsys):
    machine_wrote("", text="by hand", engine="", edited_at=timezone.now())

    call_command("evaluate_transcripts")

    assert "No note was written down" in capsys.readouterr().out


# --- by recordings whose words are known ---------------------------------------------------------------------------


class Spoken(FakeEngine):
    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        if len(samples) == 3 * 16_000:
            raise EngineFailed("RuntimeError")
        return super().transcribe(samples, options)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(transcribe, "get_engine", lambda: Spoken("Room one is ready."))
    rows = ["file\tlanguage\treference", "a.wav\ten\troom one is ready", "b.wav\ten\troom two is ready"]
    (tmp_path / "manifest.tsv").write_text("\n".join([*rows, "c.wav\tde\tZimmer eins"]) + "\n")
    for name in "abc":
        (tmp_path / f"{name}.wav").write_bytes(recording())
    return tmp_path


def test_it_hears_a_folder_clip_by_clip(folder, capsys):
    call_command("evaluate_transcripts", folder=folder, language="en")

    assert capsys.readouterr().out.splitlines() == [
        "a.wav: 0 errors in 4 words (0.0%)",
        "b.wav: 1 errors in 4 words (25.0%)",
        "Total: 1 errors in 8 words (12.5%), 2 recordings",
    ]


def test_what_cannot_be_heard_is_said(folder, capsys):
    (folder / "a.wav").write_bytes(b"no sound")
    (folder / "b.wav").write_bytes(recording(samples=tone(3)))
    (folder / "c.wav").unlink()

    call_command("evaluate_transcripts", folder=folder)

    said = capsys.readouterr()
    assert "Total: 0 errors in 0 words (0.0%), 3 recordings, 3 untranscribed" in said.out
    assert [line.split(": ")[0] for line in said.err.splitlines()] == ["a.wav", "b.wav", "c.wav"]


@pytest.mark.parametrize("manifest", [None, "name\ttext\n1\t2\n"])
def test_it_says_what_a_folder_needs(tmp_path, manifest):
    if manifest:
        (tmp_path / "manifest.tsv").write_text(manifest)

    with pytest.raises(CommandError, match="manifest"):
        call_command("evaluate_transcripts", folder=tmp_path)


@pytest.mark.django_db
def test_a_note_whose_text_was_cleared_was_all_wrong(capsys):
    edited("You", "")

    call_command("evaluate_transcripts")

    assert "1 errors in 0 words (100.0%)" in capsys.readouterr().out
