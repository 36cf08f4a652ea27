"""One note's row: how it stands, said honestly, in each of its states; and the news that a pending one waits for."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from notes import waiting
from notes.editing import edit_text, rate
from notes.models import Failure, Piece, Recording, Status
from tests.factories import make_hotel
from tests.notes.each_state import without_audio
from tests.notes.notes import make_doubted, make_note, make_transcript, make_typed
from tests.notes.screens import row, text_of

pytestmark = pytest.mark.django_db


def row_of(desk, note):
    response = desk.get(f"/voice-notes/{note.pk}/", headers=row(note))
    assert response.status_code == 200
    return response


def make_recording(note, *texts):
    """What has come in of a note whose text is not complete; each piece is 10 seconds."""
    recording = Recording.objects.create(
        pk=note.pk, property=note.property, reservation=note.reservation, author=note.author,
        transcribed_seconds=10 * len(texts),
    )  # fmt: skip
    for index, text in enumerate(texts):
        segments = [{"start": 10 * index, "end": 10 * index + 9, "text": text, "words": []}]
        Piece.objects.create(
            recording=recording, index=index, start=10 * index, end=10 * index + 10, segments=segments, engine="fake"
        )
    return recording


class TestStates:
    @pytest.mark.parametrize("failure", Failure)
    def test_a_failed_one_says_why_and_what_to_do(self, desk, failure):
        read = text_of(row_of(desk, make_note(status=Status.FAILED, failure=failure)))

        assert f"{failure.label} The audio is kept" in read
        assert "Try again" in read

    def test_one_that_is_tried_again_says_what_went_wrong(self, desk):
        note = make_note(status=Status.QUEUED, failure=Failure.NO_MODEL)

        assert "The transcription model could not be loaded. It is tried again by itself." in text_of(
            row_of(desk, note)
        )

    def test_one_that_is_being_written_down_says_how_far_it_is(self, desk):
        claim = {"claim": uuid.uuid4(), "lease_until": timezone.now()}
        note = make_note(status=Status.TRANSCRIBING, seconds=65, done_seconds=20.4, **claim)

        response = row_of(desk, note)

        assert "0:20 of 1:05 is written down." in text_of(response)
        assert 'style="--done: 31%"' in response.content.decode()

    def test_the_text_so_far_is_shown_while_the_rest_is_coming(self, desk):
        note = make_note(seconds=31)
        make_recording(note, "Boiler in the garden flat", "was reset at ten")

        read = text_of(row_of(desk, note))

        assert "Boiler in the garden flat was reset at ten … So far… 0:20 of 0:31 is written down." in read

    def test_a_typed_one_has_no_player(self, desk):
        response = row_of(desk, make_typed("Extra bed."))

        assert "Extra bed." in text_of(response)
        assert "Typed" in text_of(response)
        assert "edited by" not in text_of(response)
        assert "<voice-player" not in response.content.decode()
        assert "Download audio" not in text_of(response)

    @pytest.mark.parametrize("status", [Status.NO_SPEECH, Status.FAILED])
    def test_one_that_somebody_typed_does_not_say_any_more_that_it_has_no_words(self, desk, alice, status):
        failure = Failure.ENGINE if status == Status.FAILED else ""
        note = make_note(status=status, failure=failure)
        edit_text(note=note, text="Two towels for room 12.", actor=alice)

        for read in (text_of(row_of(desk, note)), text_of(desk.get(reverse("notes:list"))), text_of(desk.get("/"))):
            assert "Two towels for room 12." in read
            assert status.label not in read.partition("Two towels")[0].rpartition(str(alice))[2]
        assert "Typed" in text_of(row_of(desk, note))

    def test_one_whose_audio_was_erased_says_so(self, desk):
        response = row_of(desk, without_audio(make_note(transcript="Two towels.", audio_erased_at=timezone.now())))

        assert "The audio was erased on" in text_of(response)
        assert "Two towels." in text_of(response)
        assert "<voice-player" not in response.content.decode()

    def test_one_that_failed_and_has_no_audio_cannot_be_tried_again(self, desk):
        note = without_audio(make_note(status=Status.FAILED, failure=Failure.ENGINE, audio_erased_at=timezone.now()))

        read = text_of(row_of(desk, note))

        assert "The audio is not kept any more: type the note yourself." in read
        assert "Try again" not in read

    def test_one_whose_text_was_erased_says_so(self, desk):
        note = make_note(status=Status.TRANSCRIBED, text_erased_at=timezone.now())

        read = text_of(row_of(desk, note))

        assert "The text was erased on" in read
        assert "No words" not in read

    def test_one_that_the_machine_doubts_says_so_before_somebody_acts_on_it(self, desk):
        read = text_of(row_of(desk, make_doubted()))

        assert "Transcribed Doubtful" in read
        assert "This may not be English, or could not be understood. Listen to it before you act on it" in read

    def test_a_model_that_knows_many_languages_says_that_it_understood_little(self, desk):
        read = text_of(row_of(desk, make_doubted(model="small")))

        assert "This could not be understood well. Listen to it before you act on it." in read
        assert "assumed" not in read

    @pytest.mark.parametrize(
        "note",
        [{"probability": 0.6}, {"probability": None}, {"text": "No."}],
        ids=["surer", "an engine without figures", "a single word"],
    )
    def test_others_are_not_doubted(self, desk, note):
        assert "Doubtful" not in text_of(row_of(desk, make_doubted(**note)))

    def test_what_people_wrote_or_found_good_is_not_doubted(self, desk, alice):
        edited, rated = make_doubted(), make_doubted()
        edit_text(note=edited, text="Merci beaucoup.", actor=alice)
        rate(note=rated, rating=1, actor=alice)

        assert "Doubtful" not in text_of(row_of(desk, edited)) + text_of(row_of(desk, rated))

    @pytest.mark.parametrize("page", ["/notes/", "/notes/?q=thank", "/"])
    def test_lists_say_it_too(self, desk, page):
        make_doubted()

        assert "Doubtful" in text_of(desk.get(page))

    def test_a_recovered_one_says_what_happened(self, desk):
        note = make_note(transcript="Two towels.", is_recovered=True)

        assert "Recovered The browser went away before this was saved." in text_of(row_of(desk, note))

    def test_one_whose_file_ends_early_says_where(self, desk):
        note = make_note(seconds=12.4, promised_seconds=40.0)

        assert "The file ends after 0:12 of 0:40; what is missing never arrived." in text_of(row_of(desk, note))

    def test_one_that_lost_something_does_not_say_that_nothing_was_recorded(self, desk):
        read = text_of(row_of(desk, make_note(losses=[[3.86, 2.14]])))

        assert "2.1 s are missing at 0:03: the file is damaged there." in read
        assert "Nothing was recorded" not in read

    def test_a_note_of_a_property_has_its_row_page_and_form(self, desk):
        note = make_note(property=make_hotel(), transcript="Two towels.")

        assert "Two towels." in text_of(row_of(desk, note))
        for address in (f"/voice-notes/{note.pk}/", f"/voice-notes/{note.pk}/edit/"):
            assert note.property.name in text_of(desk.get(address))
        assert desk.post(f"/voice-notes/{note.pk}/delete/").url == f"/properties/{note.property.pk}/"


class TestWaitingForNews:
    def test_a_look_may_wait_for_what_is_new(self, desk, monkeypatch):
        note = make_note()

        def changes(key, is_new, until):
            assert (key, is_new()) == (str(note.pk), False)
            make_recording(note, "Boiler")
            return is_new()

        monkeypatch.setattr(waiting, "_listen", changes)

        response = desk.get(f"/voice-notes/{note.pk}/?seen=queued&wait=1", headers=row(note))

        assert "Boiler … So far…" in text_of(response)
        assert "?seen=queued-10.0" in response.content.decode()

    def test_a_look_that_has_waited_in_vain_swaps_nothing(self, desk, monkeypatch):
        note = make_note()
        monkeypatch.setattr(waiting, "_listen", lambda key, is_new, until: False)

        assert desk.get(f"/voice-notes/{note.pk}/?seen=queued&wait=1", headers=row(note)).status_code == 204

    def test_a_note_that_is_deleted_meanwhile_is_news(self, desk):
        note = make_note(deleted_at=timezone.now())

        assert desk.get(f"/voice-notes/{note.pk}/?seen=queued&wait=1", headers=row(note)).status_code == 404

    def test_a_whole_page_never_waits(self, desk, monkeypatch):
        monkeypatch.setattr(waiting, "_listen", lambda key, is_new, until: pytest.fail("it waits"))

        assert desk.get(f"/voice-notes/{make_note().pk}/?seen=queued&wait=1").status_code == 200


class TestRating:
    def rate(self, desk, note, rating):
        return desk.post(f"/voice-notes/{note.pk}/rate/", {"rating": rating}, headers=row(note))

    def test_a_thumb_is_pressed_and_taken_back(self, desk):
        note = make_note(transcript="Two towels.")

        good = self.rate(desk, note, "1").content.decode()

        note.transcript.refresh_from_db()
        assert (note.transcript.rating, note.transcript.rated_by) == (1, desk.user)
        assert 'name="rating" value="" aria-pressed="true" aria-label="The text is good"' in good
        assert 'name="rating" value="-1" aria-pressed="false" aria-label="The text is bad"' in good
        self.rate(desk, note, "")
        note.transcript.refresh_from_db()
        assert (note.transcript.rating, note.transcript.rated_by) == (None, None)

    def test_without_scripts_it_leads_back(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.post(f"/voice-notes/{note.pk}/rate/", {"rating": "-1"}, follow=True)

        assert "It is remembered" in text_of(response)

    def test_it_is_about_the_machines_text_alone(self, desk):
        note = make_note(transcript="Two towels.")
        changed = {"text": "Three towels.", "seen": "Two towels."}

        response = desk.post(f"/voice-notes/{note.pk}/edit/", changed, headers=row(note))

        assert "/rate/" not in response.content.decode()
        assert self.rate(desk, make_typed(), "1").status_code == 409

    @pytest.mark.parametrize("rating", ["0", "2", "x", "\x00"])
    def test_nonsense_is_no_rating(self, desk, rating):
        note = make_note(transcript="Two towels.")

        assert self.rate(desk, note, rating).status_code == 400

    def test_the_form_shows_what_the_machine_wrote_and_how(self, desk):
        note = make_note(status=Status.TRANSCRIBED, seconds=31)
        make_transcript(
            note, text="Two towels.", machine_text="Two towels.", earlier_text="To towels.", engine="faster-whisper",
            version="1.2.1", model="tiny.en", took_seconds=1.24, audio_seconds=31.2, rating=-1, rated_by=desk.user,
        )  # fmt: skip

        read = text_of(desk.get(f"/voice-notes/{note.pk}/edit/", headers=row(note)))

        assert "What the machine wrote Two towels." in read
        assert "Its text when the recording stopped To towels." in read
        assert "faster-whisper 1.2.1, tiny.en · English (assumed: this model knows no other language) · 1.2 s" in read
        assert "1.2 s for 0:31 of sound · rated bad by Alice Moreau" in read

    def test_a_text_that_no_later_pass_changed_is_shown_once(self, desk):
        note = make_note(status=Status.TRANSCRIBED)
        make_transcript(note, text="Two towels.", machine_text="Two towels.", earlier_text="Two towels.")

        read = text_of(desk.get(f"/voice-notes/{note.pk}/edit/", headers=row(note)))

        assert "when the recording stopped" not in read
