"""Further recordings: every format, silence, broken files. They are not part of the project and may be missing."""

import numpy as np
import pytest

from notes.engines.base import EngineOptions
from notes.models import Failure, Status
from notes.sound import audio
from notes.transcription.saved_notes import transcribe
from tests.notes.notes import make_note
from tests.speech.manifest import word_errors

pytestmark = [pytest.mark.speech, pytest.mark.full]

IN_ANY_FORMAT = 0.2  # two words of eleven
ONE_WORD_IN_15 = 0.07


def test_it_reads_every_format(transcribe, format_clip):
    heard = transcribe(format_clip.path)

    assert word_errors([(format_clip.reference, heard.text)]) <= IN_ANY_FORMAT, heard.text


def test_no_format_is_heard_worse_than_the_wav(transcribe, more_clips):
    formats = [clip for clip in more_clips if clip.path.name.startswith("sonnet1.") and "formats" in str(clip)]
    errors = {clip.path.suffix: word_errors([(clip.reference, transcribe(clip.path).text)]) for clip in formats}

    assert len(errors) == 6
    # The FLAC lacks a packet.
    assert {suffix for suffix, rate in errors.items() if rate > errors[".wav"] + ONE_WORD_IN_15} == set()


def test_a_part_of_every_format_is_what_the_whole_has_there(format_clip):
    whole = audio.decode(format_clip.path, max_seconds=60)
    half = round(whole.seconds / 2, 1)

    part = audio.decode(format_clip.path, start=half, max_seconds=60).samples

    assert len(part) == pytest.approx(len(whole.samples) - half * audio.SAMPLE_RATE, abs=4)
    assert max(_likeness(part, whole.samples[round(half * audio.SAMPLE_RATE) + late :]) for late in (-1, 0, 1)) > 0.98


def _likeness(one, other):
    length = min(len(one), len(other))
    return np.corrcoef(one[:length], other[:length])[0, 1]


def test_no_whole_recording_is_said_to_end_early_or_to_have_lost_something(more_clips):
    found = {str(clip.path): audio.probe(clip.path) for clip in more_clips if clip.path.parent.name != "corrupt"}

    assert len(found) > 30
    assert {path for path, probe in found.items() if probe.promised_seconds or probe.gaps} == set()


def test_it_steps_over_the_invalid_packet_of_a_flac(more_clips):
    [clip] = [clip for clip in more_clips if clip.path.name == "sonnet1.flac"]

    sound = audio.decode(clip.path, max_seconds=60)

    assert sound.is_damaged
    assert sound.seconds == pytest.approx(8.99, abs=0.05)


@pytest.mark.parametrize("names", [[], ["Amara Okafor", "Old Mill Loft", "Harbour Hotel"]], ids=["", "with names"])
def test_it_invents_nothing(engine, silent_clip, names):
    sound = audio.decode(silent_clip.path, max_seconds=60)

    assert engine.transcribe(sound.samples, EngineOptions(language="en", vocabulary=tuple(names))).text == ""


def test_names_make_no_more_of_a_single_word(engine, more_clips):
    [clip] = [clip for clip in more_clips if clip.reference == "no"]
    sound = audio.decode(clip.path, max_seconds=60)

    heard = engine.transcribe(
        sound.samples,
        EngineOptions(
            language="en",
            vocabulary=("Amara Okafor", "Harbour Hotel", "towels"),
        ),
    )

    assert heard.text.lower().strip(".!") == "no"


def test_it_hears_a_single_word(transcribe, more_clips):
    [clip] = [clip for clip in more_clips if clip.reference == "no"]

    assert transcribe(clip.path).text.lower().strip(".!") == "no"


def test_it_refuses_what_is_broken(broken_clip):
    with pytest.raises(audio.BadAudio):
        audio.probe(broken_clip.path)
    with pytest.raises(audio.BadAudio):
        audio.decode(broken_clip.path, max_seconds=60)


@pytest.mark.django_db
def test_a_note_of_what_is_broken_says_so(engine, broken_clip, alice):
    note = make_note(audio=broken_clip.path.read_bytes())

    transcribe(str(note.pk), engine=engine)

    note.refresh_from_db()
    assert (note.status, note.failure) == (Status.FAILED, Failure.UNREADABLE)


def test_it_hears_many_voices(transcribe, more_clips):
    english = [clip for clip in more_clips if str(clip).startswith("en/")]

    pairs = [(clip.reference, transcribe(clip.path).text) for clip in english]

    assert word_errors(pairs) < 0.08  # 0.06 when this was written
