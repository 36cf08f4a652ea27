"""A second look at texts that were put together from pieces, when nobody needs the machine."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notes.editing import TextChanged, delete, edit_text, restore_machine_text
from notes.engines.base import EngineFailed, EngineUnavailable
from notes.models import Recording, Status, Transcript
from notes.queue import IMPROVE, enqueue_improving
from notes.sweep import sweep
from notes.transcription import second_pass
from notes.transcription.second_pass import MAX_PASSES, QUIET, enqueue_next, improve
from tests.factories import make_reservation
from tests.notes.letters import Reader, Speaker
from tests.notes.notes import make_note, make_transcript

pytestmark = pytest.mark.django_db

HEARD = "a b c d e f"  # what the reader hears in the note
BEFORE = "a b see d e f"


@pytest.fixture
def note(alice):
    return from_pieces(BEFORE)


def from_pieces(text, **fields):
    note = make_note(audio=HEARD.replace(" ", "").encode(), status=Status.TRANSCRIBED, **fields)
    make_transcript(note, text=text, machine_text=text, from_pieces=True)
    return note


def improved(note, reader=None):
    """The transcript after a pass."""
    improve(str(note.pk), transcriber=reader or Reader())
    return Transcript.objects.get(pk=note.pk)


# --- a pass -------------------------------------------------------------------------------------------------------


def test_a_pass_over_the_whole_replaces_the_text_and_keeps_the_old_one_findable(note):
    transcript = improved(note)

    assert transcript.text == transcript.machine_text == HEARD
    assert transcript.earlier_text == BEFORE
    assert not transcript.from_pieces
    assert (transcript.engine, transcript.model, transcript.audio_seconds) == ("reader", "aloud", 6)
    assert transcript.segments[0]["words"][5]["text"] == "f"
    assert Transcript.objects.filter(search__contains="see").exists()
    assert Transcript.objects.filter(search__contains="c d").exists()


def test_the_same_words_leave_no_earlier_text(alice):
    transcript = improved(from_pieces(HEARD))

    assert transcript.earlier_text == ""
    assert not transcript.from_pieces
    assert transcript.segments


@pytest.mark.parametrize("text", ["a b", "a b c l o s t t w o r d e f", "a b c d e f l o s t w o r d"])
def test_a_pass_that_lost_a_passage_or_hears_far_more_is_not_believed(alice, text):
    transcript = improved(from_pieces(text))

    assert transcript.text == text
    assert transcript.passes == MAX_PASSES


@pytest.mark.parametrize("text", ["A, b! l o s t w o r C, D e. f", "a b c", "q r s t u v"])
def test_a_pass_that_found_a_passage_or_hears_other_words_is_believed(alice, text):
    assert improved(from_pieces(text)).text == HEARD


@pytest.mark.parametrize(("probability", "text"), [(0.895, BEFORE), (0.88, HEARD)])
def test_a_pass_counts_only_when_it_is_clearly_surer_of_its_words(note, probability, text):
    words = [{"start": n, "end": n + 1, "text": word, "probability": probability} for n, word in enumerate(BEFORE)]
    Transcript.objects.update(segments=[{"start": 0, "end": 6, "text": BEFORE, "words": words[:6]}])

    assert improved(note).text == text


def test_a_pass_that_hears_nothing_is_not_believed(alice):
    note = make_note(audio=b"   ", status=Status.TRANSCRIBED)
    make_transcript(note, text="Yes", machine_text="Yes", from_pieces=True)

    assert improved(note).text == "Yes"


def test_a_pass_that_fails_is_tried_twice(note):
    for number in range(1, MAX_PASSES + 1):
        assert improved(note, Reader(error=EngineFailed())).passes == number

    assert improved(note).text == BEFORE


def test_a_pass_without_a_model_does_not_count(note):
    assert improved(note, Reader(error=EngineUnavailable())).passes == 0


# --- people come first --------------------------------------------------------------------------------------------


def test_what_is_edited_during_the_pass_is_left_alone(note, alice):
    transcript = improved(note, Reader(lambda: edit_text(note=note, text="As I said.", actor=alice)))

    assert (transcript.text, transcript.machine_text, transcript.earlier_text) == ("As I said.", BEFORE, "")


@pytest.mark.parametrize("fields", [{"rating": 1}, {"rating": -1}, {"edited_at": timezone.now()}])
def test_what_people_have_edited_or_rated_is_not_listened_to(note, fields):
    Transcript.objects.update(**fields)

    assert improved(note, Reader(error=AssertionError())).passes == 0


def test_who_began_to_edit_before_the_pass_may_save_after_it(note, alice):
    improved(note)

    edit_text(note=note, text="a b C d e f", actor=alice, seen=BEFORE)

    transcript = Transcript.objects.get()
    assert (transcript.text, transcript.machine_text, transcript.earlier_text) == ("a b C d e f", HEARD, BEFORE)
    assert transcript.edited_by == alice


def test_who_corrected_nothing_leaves_the_improved_text(note, alice):
    improved(note)

    assert edit_text(note=note, text=BEFORE, actor=alice, seen=BEFORE).text == HEARD

    assert Transcript.objects.get().edited_at is None


def test_who_began_before_the_pass_does_not_overwrite_what_somebody_else_wrote_after_it(note, alice):
    improved(note)
    edit_text(note=note, text="Theirs.", actor=alice, seen=HEARD)

    with pytest.raises(TextChanged):
        edit_text(note=note, text="Mine.", actor=alice, seen=BEFORE)


def test_the_form_that_was_open_during_the_pass_can_be_saved(note, desk):
    form = desk.get(f"/voice-notes/{note.pk}/edit/").context["form"]
    improved(note)

    answer = desk.post(f"/voice-notes/{note.pk}/edit/", {"text": "Mine.", "seen": form.initial["seen"]})

    assert answer.status_code == 302
    assert Transcript.objects.get().text == "Mine."


def test_a_restored_machine_text_may_still_be_improved(note, alice):
    edit_text(note=note, text="Wrong note.", actor=alice)
    restore_machine_text(note=note, actor=alice)

    assert improved(note).text == HEARD


# --- quiet --------------------------------------------------------------------------------------------------------


def speak(alice):
    speaker = Speaker(alice, make_reservation())
    speaker.say("abc")
    return speaker


def queued():
    return [row.args()[0] for row in OrmQ.objects.order_by("pk") if row.func() == IMPROVE]


def test_the_sweep_queues_one_at_a_time_and_the_newest_first(note, alice):
    newest = from_pieces("b", recorded_at=timezone.now() + dt.timedelta(minutes=1))

    sweep(timezone.now())
    sweep(timezone.now())
    assert queued() == [str(newest.pk)]

    OrmQ.objects.all().delete()
    improved(newest)
    sweep(timezone.now())
    assert queued() == [str(note.pk)]


@pytest.mark.parametrize(
    "fields",
    [{"from_pieces": False}, {"passes": MAX_PASSES}, {"edited_at": timezone.now()}, {"rating": 1}],
)
def test_nothing_is_queued_when_nothing_can_be_improved(note, fields):
    Transcript.objects.update(**fields)

    enqueue_next(timezone.now())

    assert queued() == []


def test_a_deleted_note_is_left_alone(note, alice):
    delete(note=note, actor=alice)

    assert improved(note).passes == 0


def test_while_somebody_records_nothing_is_improved(note, alice):
    speak(alice)
    now = timezone.now()

    enqueue_next(now)
    assert queued() == []
    assert improved(note).passes == 0
    enqueue_next(now + QUIET)
    assert queued() == [str(note.pk)]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.TRANSCRIBING])
def test_while_a_note_waits_for_its_text_nothing_is_improved(note, status):
    make_note(status=status, claim=uuid.uuid4(), lease_until=timezone.now() + QUIET)

    assert improved(note).passes == 0


def test_while_a_worker_owes_a_tail_nothing_is_improved(note, alice):
    speak(alice).stop()
    long_ago = timezone.now() - 2 * QUIET
    Recording.objects.update(last_chunk_at=long_ago, stopped_at=long_ago)

    assert improved(note).passes == 0


def test_a_recording_that_nobody_listens_to_any_more_is_no_noise(note, alice):
    speak(alice).stop()
    long_ago = timezone.now() - 2 * QUIET
    Recording.objects.update(last_chunk_at=long_ago, stopped_at=long_ago, attempts=2)

    assert improved(note).text == HEARD


@pytest.mark.parametrize("disturbance", [speak, lambda alice: make_note()])
def test_it_gives_way_as_soon_as_somebody_needs_the_machine(note, alice, monkeypatch, disturbance):
    monkeypatch.setattr(second_pass, "CHECK_EACH_SECONDS", 0)

    class Interrupted(Reader):
        def transcribe(self, request, *, on_progress):
            on_progress(1.0)
            disturbance(alice)
            on_progress(2.0)
            pytest.fail("the work went on")

    transcript = improved(note, Interrupted())

    assert (transcript.text, transcript.passes) == (BEFORE, 0)


def test_a_pass_that_somebody_else_has_queued_already_is_not_queued_again(note):
    enqueue_improving(note.pk)

    enqueue_next(timezone.now())

    assert queued() == [str(note.pk)]
