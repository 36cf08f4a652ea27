import json

import pytest
from django.core.management import CommandError, call_command

from notes.engines import base
from notes.engines.base import DEFAULT_OPTIONS
from notes.engines.fake import FakeEngine
from notes.management.commands import transcribe
from tests.notes.clips import film, recording, silence, wav


class Spoken(FakeEngine):
    """Says one thing, tells its progress, and fails on a recording that is exactly 3 s long."""

    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        if len(samples) == 3 * 16_000:
            raise base.EngineFailed("IndexError")
        for tenth in range(1, 21):
            options.on_progress(len(samples) / 16_000 * tenth / 20)
        return super().transcribe(samples)


@pytest.fixture(autouse=True)
def _engine(monkeypatch):
    monkeypatch.setattr(transcribe, "get_engine", lambda: Spoken("Room one is ready."))


@pytest.fixture
def audio_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name, data):
        (tmp_path / name).write_bytes(data)
        return name

    return write


def test_it_prints_the_text(audio_file, capsys):
    call_command("transcribe", audio_file("a.webm", recording("webm")))

    assert capsys.readouterr() == ("Room one is ready.\n", "")


def test_it_prints_all_there_is_to_know(audio_file, capsys):
    call_command("transcribe", "--json", audio_file("a.webm", recording("webm")))

    [result] = json.loads(capsys.readouterr().out)
    assert result["file"] == "a.webm"
    assert result["text"] == "Room one is ready."
    assert result["segments"][0]["text"] == "Room one is ready."
    assert [word["text"] for word in result["words"]] == ["Room", "one", "is", "ready."]
    assert result["seconds"] == pytest.approx(1, abs=0.06)
    assert (result["language"], result["engine"], result["model"], result["took_seconds"]) == ("en", "fake", "fake", 0)


def test_it_names_each_file_that_cannot_be_read_and_goes_on(audio_file, capsys):
    files = [
        audio_file("letter.txt", b"Dear guest"),
        "gone.wav",
        audio_file("silent.wav", wav()),
        audio_file("film.mp4", film()),
        audio_file("bomb.wav", wav(bytes(400), rate=1)),
        audio_file("three.wav", recording("wav", silence(3))),
        audio_file("good.flac", recording("flac")),
    ]

    with pytest.raises(SystemExit) as ended:
        call_command("transcribe", *files)

    out, errors = capsys.readouterr()
    assert ended.value.code == 1
    assert out == "good.flac: Room one is ready.\n"
    assert errors.splitlines() == [
        "letter.txt is not a recording.",
        "gone.wav: No such file or directory.",
        "silent.wav holds no sound.",
        "film.mp4 is a video.",
        "bomb.wav is damaged; nothing of it can be decoded.",
        "three.wav: the engine stopped with an error (IndexError).",
    ]


def test_it_prints_a_list_also_when_nothing_can_be_read(capsys):
    with pytest.raises(SystemExit):
        call_command("transcribe", "--json", "gone.wav")

    assert json.loads(capsys.readouterr().out) == []


def test_it_says_on_the_side_that_nobody_speaks(audio_file, capsys, monkeypatch):
    monkeypatch.setattr(transcribe, "get_engine", lambda: FakeEngine(""))

    call_command("transcribe", audio_file("a.wav", recording()))

    assert capsys.readouterr() == ("\n", "a.wav: no words found.\n")


def test_it_shows_how_far_it_is_in_a_long_file(audio_file, capsys):
    call_command("transcribe", audio_file("long.flac", recording("flac", silence(61))))

    out, errors = capsys.readouterr()
    assert out == "Room one is ready.\n"
    assert errors.splitlines() == [f"long.flac: {percent} %" for percent in range(10, 101, 10)]


def test_it_passes_language_and_names_on(audio_file, monkeypatch):
    asked = {}

    class Curious(FakeEngine):
        def transcribe(self, samples, options=DEFAULT_OPTIONS):
            asked.update(vars(options))
            return super().transcribe(samples)

    monkeypatch.setattr(transcribe, "get_engine", Curious)

    call_command("transcribe", audio_file("a.wav", recording()), language="pt", vocabulary="Okafor, Old Mill Loft,")

    assert asked["language"] == "pt"
    assert asked["vocabulary"] == ("Okafor", "Old Mill Loft")


def test_it_says_what_to_set_when_there_is_no_model(monkeypatch):
    def missing():
        raise base.EngineUnavailable("WHISPER_MODEL small: ConnectionError")

    monkeypatch.setattr(transcribe, "get_engine", missing)

    with pytest.raises(CommandError, match=r"WHISPER_MODEL small: ConnectionError.*env\.example"):
        call_command("transcribe", "a.wav")
