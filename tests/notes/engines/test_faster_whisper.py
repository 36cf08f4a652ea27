"""What is done around the model. What the model hears is in tests/speech."""

import json
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from notes.engines import faster_whisper
from notes.engines.base import DeadlineExceeded, EngineFailed, EngineOptions, EngineOutOfMemory, EngineUnavailable
from notes.engines.faster_whisper import FasterWhisper
from tests.notes.clips import silence, tone


@dataclass
class Said:
    """A segment as the model gives it."""

    text: str
    start: float = 0.0
    end: float = 1.0
    no_speech_prob: float = 0.05
    avg_logprob: float = -0.3
    words: list = field(default_factory=list)


class Model:
    """Says what it was told, one list of segments (or an exception) for each call, and remembers the options."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.language = "en"
        self.calls = []

    def transcribe(self, samples, **options):
        assert isinstance(samples, np.ndarray)
        self.calls.append(options)
        return self._segments(self.answers.pop(0)), SimpleNamespace(language=self.language)

    def _segments(self, answer):
        if isinstance(answer, Exception):
            raise answer
        yield from answer


@pytest.fixture
def engine_with(monkeypatch):
    def make(*answers, name="small"):
        model = Model(*answers)
        monkeypatch.setattr(faster_whisper, "WhisperModel", lambda *args, **options: model)
        return FasterWhisper(name), model

    return make


def test_it_gives_text_words_and_times(engine_with):
    word = SimpleNamespace(start=np.float32(0.1234), end=np.float32(0.5), word=" Room", probability=np.float64(0.98765))
    engine, model = engine_with([Said(" Room one.", 0.1234, 1.2, words=[word]), Said(" "), Said(" Done.", 2, 3)])

    heard = engine.transcribe(tone(3))

    assert heard.text == "Room one. Done."
    assert (heard.engine, heard.model, heard.language) == ("faster_whisper", "small", "en")
    first = heard.segments[0]
    assert (first.start, first.end) == (0.12, 1.2)
    assert first.words[0].text == "Room"
    assert (first.words[0].start, first.words[0].probability) == (0.12, 0.988)
    assert model.calls[0]["condition_on_previous_text"] is False
    assert model.calls[0]["vad_filter"] is True


@pytest.mark.parametrize(("language", "words"), [("en", ["at", "9.15"]), ("ja", ["at", "9", ".15"])])
def test_it_puts_the_pieces_of_a_word_together_where_words_have_spaces(engine_with, language, words):
    pieces = [
        SimpleNamespace(start=0.0, end=0.4, word=" at", probability=0.9),
        SimpleNamespace(start=0.4, end=0.8, word=" 9", probability=0.3),
        SimpleNamespace(start=0.8, end=1.2, word=".15", probability=0.7),
    ]
    engine, model = engine_with([Said(" at 9.15", words=pieces)])
    model.language = language

    [segment] = engine.transcribe(tone()).segments

    assert [word.text for word in segment.words] == words
    assert segment.words[1].probability == 0.3
    assert segment.words[-1].end == 1.2


def test_half_a_letter_is_left_out(engine_with):
    # What tiny.en makes of a quotation mark, and faster-whisper 1.2 of half of it.
    pieces = [
        SimpleNamespace(start=0.0, end=0.4, word=" It", probability=0.9),
        SimpleNamespace(start=0.4, end=0.5, word=" \ufffd", probability=0.3),
        SimpleNamespace(start=0.5, end=0.8, word="rains.\ufffd", probability=0.7),
        SimpleNamespace(start=0.8, end=0.9, word=" \ufffd", probability=0.3),
    ]
    engine, _ = engine_with([Said(" It \ufffdrains.\ufffd \ufffd", words=pieces), Said(" \ufffd", 2, 3)])

    [segment] = engine.transcribe(tone(3)).segments

    assert segment.text == "It rains."
    assert [word.text for word in segment.words] == ["It", "rains."]


def test_it_repeats_without_word_times_when_the_last_window_has_none(engine_with):
    engine, model = engine_with(IndexError(), [Said("Room one.")])

    heard = engine.transcribe(tone())

    assert heard.text == "Room one."
    assert [call["word_timestamps"] for call in model.calls] == [True, False]


def test_it_repeats_without_vocabulary_when_that_is_too_much(engine_with):
    engine, model = engine_with(RuntimeError("448"), [Said("Room one.")])

    heard = engine.transcribe(tone(), EngineOptions(vocabulary=("Okafor", "Old Mill Loft")))

    assert heard.text == "Room one."
    assert [call["hotwords"] for call in model.calls] == ["Okafor, Old Mill Loft", None]


def test_it_fails_in_its_own_words_when_the_model_breaks(engine_with):
    engine, _ = engine_with(RuntimeError("something with a name in it"))

    with pytest.raises(EngineFailed, match=r"^RuntimeError$"):
        engine.transcribe(tone())


def test_it_says_when_the_model_needs_more_memory_than_there_is(engine_with):
    engine, _ = engine_with(MemoryError())

    with pytest.raises(EngineOutOfMemory):
        engine.transcribe(tone())


def test_it_says_what_the_model_was_told_but_no_names(engine_with):
    engine, _ = engine_with([Said("Room one.")])

    heard = engine.transcribe(tone(), EngineOptions(vocabulary=("Okafor",)))

    assert heard.version.count(".") == 2
    assert (heard.settings["beam_size"], heard.settings["compute_type"]) == (5, "int8")
    assert "Okafor" not in json.dumps(heard.settings)


def test_it_cuts_a_long_vocabulary(engine_with):
    engine, model = engine_with([])

    engine.transcribe(silence(), EngineOptions(vocabulary=tuple(f"Apartment {n}" for n in range(1000))))

    assert len(model.calls[0]["hotwords"]) <= 300


def test_it_does_not_show_names_to_the_smallest_models(engine_with):
    engine, model = engine_with([], name="tiny")

    engine.transcribe(silence(), EngineOptions(vocabulary=("Okafor",)))

    assert model.calls[0]["hotwords"] is None


def test_it_spells_their_names_for_them(engine_with):
    word = SimpleNamespace(start=0.0, end=0.5, word=" Okaphor.", probability=0.3)
    engine, _ = engine_with([Said("Okaphor.", words=[word])], name="tiny")

    assert engine.transcribe(tone(), EngineOptions(vocabulary=("Amara Okafor",))).text == "Okafor."


def test_it_names_nobody_where_it_detected_no_voice(engine_with):
    engine, model = engine_with([], [Said("Room one.")])

    engine.transcribe(tone(loudness=0.05), EngineOptions(vocabulary=("Okafor",)))

    assert [call["hotwords"] for call in model.calls] == ["Okafor", None]


def test_it_drops_what_the_model_makes_of_noise(engine_with):
    noise = Said("It's really nice.", no_speech_prob=0.7, avg_logprob=-0.66)
    quiet = Said("Room one.", no_speech_prob=0.64, avg_logprob=-0.49)
    engine, _ = engine_with([noise, quiet])

    assert engine.transcribe(tone()).text == "Room one."


def test_it_drops_a_word_that_goes_round_in_a_loop(engine_with):
    engine, _ = engine_with([Said("You."), Said(" you"), Said("You"), Said("Room one."), Said("No."), Said("No.")])

    assert engine.transcribe(tone()).text == "Room one. No. No."


@pytest.mark.parametrize("text", ["Help!", "Room two hundred and four."])
def test_it_keeps_what_was_said_several_times_as_often_as_it_was_said(engine_with, text):
    spoken = np.concatenate([part for _ in range(4) for part in (silence(0.5), tone(0.5))])
    engine, _ = engine_with([Said(text, start=n + 0.5, end=n + 1) for n in range(4)])

    heard = engine.transcribe(spoken)

    assert heard.text == " ".join([text] * 4)
    assert [segment.start for segment in heard.segments] == [0.5, 1.5, 2.5, 3.5]


def test_it_keeps_no_more_of_it_than_there_is_sound_for(engine_with):
    spoken = np.concatenate([silence(0.5), tone(0.5), silence(3)])
    engine, _ = engine_with([Said("Help!", start=n + 0.5, end=n + 1) for n in range(4)])

    assert engine.transcribe(spoken).text == "Help!"


def test_it_drops_a_word_that_goes_round_in_noise(engine_with):
    noise = np.random.default_rng(1).normal(scale=0.1, size=4 * 16_000).astype(np.float32)
    engine, _ = engine_with([Said("You.", start=n + 0.5, end=n + 1) for n in range(3)], [])

    assert engine.transcribe(noise).text == ""


def test_it_keeps_a_looping_sentence_once(engine_with):
    engine, _ = engine_with([Said("It is late.")] * 4)

    assert engine.transcribe(tone()).text == "It is late."


def test_it_asks_again_without_voice_detection_when_there_is_something_to_hear(engine_with):
    engine, model = engine_with([], [Said("Woohoo!", no_speech_prob=0.57, avg_logprob=-0.97), Said("Room one.")])

    assert engine.transcribe(tone(loudness=0.05)).text == "Room one."
    assert [call["vad_filter"] for call in model.calls] == [True, False]


@pytest.mark.parametrize("samples", [tone(loudness=0.005), tone(121)], ids=["silence", "two minutes of a machine"])
def test_it_believes_that_there_is_no_voice(engine_with, samples):
    engine, model = engine_with([])

    heard = engine.transcribe(samples)

    assert heard.text == ""
    assert heard.segments == ()
    assert len(model.calls) == 1


def test_it_tells_how_far_it_is(engine_with):
    engine, _ = engine_with([Said("a", end=1.5), Said("b", end=3)])
    seen = []

    engine.transcribe(tone(3), EngineOptions(on_progress=seen.append))

    assert seen == [1.5, 3]


def test_it_stops_at_its_deadline(engine_with):
    engine, _ = engine_with([Said("a")])

    with pytest.raises(DeadlineExceeded):
        engine.transcribe(tone(), EngineOptions(deadline=time.monotonic() - 1))


def test_it_says_which_model_cannot_be_loaded_but_not_where(tmp_path):
    engine = FasterWhisper(str(tmp_path / "whisper-small"))

    assert engine.model == "whisper-small"
    with pytest.raises(EngineUnavailable):
        engine.load()


def test_it_loads_the_model_once(monkeypatch):
    loaded = []
    model = Model([Said("Room one.")], [])
    monkeypatch.setattr(faster_whisper, "WhisperModel", lambda *args, **options: loaded.append(args) or model)
    engine = FasterWhisper("small")

    engine.load()
    engine.load()
    engine.transcribe(silence())

    assert loaded == [("small",)]
    assert len(model.calls) == 2  # once to warm up
