import io
import json
import re
import uuid
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notes.erasure.erasing import erase_notes_of
from notes.models import Erasure, VoiceNote
from tests.factories import give_role, make_guest, make_reservation, make_user
from tests.notes.notes import make_note
from tests.notes.screens import HOSTILE, is_page, row, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(desk):
    give_role(desk.user)
    return desk


@pytest.fixture
def guest():
    return make_guest("Amara Okafor")


@pytest.fixture
def note(guest):
    return make_note(reservation=make_reservation(guest=guest), transcript="She wants towels.")


def page_of(guest):
    return f"/guests/{guest.pk}/voice-notes/erase/"


def erase(guest, actor, reason="Asked for."):
    return erase_notes_of(guest=guest, actor=actor, reason=reason)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "address",
    ["/guests/{guest}/voice-notes/erase/", "/guests/{guest}/voice-notes.zip", "/erasures/", "/erasures.json",
     "/erasures.csv", "/erasures/{erasure}/", "/voice-notes/{note}/protect/", "/voice-notes/{note}/unprotect/"],
)  # fmt: skip
def test_only_managers_may(desk, guest, note, address, method):
    other = make_guest("Somebody Else")
    erasure = erase(other, make_user("boss", role="manager"))

    response = getattr(desk, method)(
        address.format(guest=guest.pk, erasure=erasure.pk, note=note.pk), {"reason": "Because.", "seen": 1}
    )

    assert response.status_code in (403, 405)
    note.refresh_from_db()
    assert not note.is_protected
    assert "She wants" not in response.content.decode()


class TestTheGuestsPage:
    def test_managers_see_how_many_notes_there_are_and_the_way_to_erase_them(self, manager, guest, note):
        page = text_of(manager.get(f"/guests/{guest.pk}/"))

        assert "Voice notes1 On 1 stay, 1 with audio. Save all of them Erase all of them Reports of erasures" in page

    def test_others_see_nothing_of_it(self, desk, guest, note):
        assert "Save all of them" not in text_of(desk.get(f"/guests/{guest.pk}/"))


class TestErasing:
    def test_the_page_says_what_goes_and_that_it_is_for_good(self, manager, guest, note):
        make_note(reservation=note.reservation, deleted_at=note.recorded_at, is_protected=True)
        make_note(transcript=f"Okafor again {HOSTILE}")

        response = manager.get(page_of(guest))

        page = text_of(response)
        assert "Erase all voice notes of Amara Okafor?" in page
        assert "This cannot be undone." in page
        assert "Voice notes2 on 1 stay" in page
        assert "of them deleted1" in page
        assert "of them kept1" in page
        assert "Erase 2 voice notes for good" in page
        assert "Other notes with a part of this name1" in page
        assert "Okafor again" in page
        assert HOSTILE not in response.content.decode()

    def test_it_erases_and_shows_the_report(self, manager, guest, note, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post(page_of(guest), {"reason": "Asked for by letter.", "seen": 1}, follow=True)

        assert not VoiceNote.objects.exists()
        assert not default_storage.exists(note.audio.name)
        report = Erasure.objects.get()
        assert response.redirect_chain == [(f"/erasures/{report.pk}/", 302)]
        page = text_of(response)
        assert "A guest’s notes: Asked for by letter." in page
        assert "Alice Moreau" in page
        assert str(note.pk) in page
        assert "Okafor" not in page

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"reason": ""}, "Write why"),
            ({"reason": "x" * 201}, "Keep this to 200 characters"),
            ({"reason": "Ms ókafor wrote."}, "Leave the guest’s name out"),
            ({"reason": "Asked by okafor’s lawyer."}, "Leave the guest’s name out"),
            ({"reason": "Asked for.", "seen": "many"}, "Look at what would go"),
            ({"reason": "Asked for.", "seen": ""}, "Look at what would go"),
        ],
    )
    def test_without_a_reason_that_may_stay_nothing_goes(self, manager, guest, note, sent, words):
        response = manager.post(page_of(guest), {"seen": 1} | sent)

        assert response.status_code == 422
        assert words in text_of(response)
        assert VoiceNote.objects.exists()

    def test_when_there_is_more_than_was_shown_it_is_shown_first(self, manager, guest, note):
        make_note(reservation=note.reservation)

        response = manager.post(page_of(guest), {"reason": "Asked for.", "seen": 1})

        assert response.status_code == 409
        assert "have changed meanwhile" in text_of(response)
        assert "Voice notes2" in text_of(response)
        assert VoiceNote.objects.count() == 2
        seen = re.search(r'name="seen" value="(\d+)"', response.content.decode())[1]
        assert manager.post(page_of(guest), {"reason": "Asked for.", "seen": seen}).status_code == 302

    def test_without_notes_there_is_nothing_to_press(self, manager, guest):
        page = manager.get(page_of(guest)).content.decode()

        assert "no voice note on any stay" in page
        assert "for good</button>" not in page

    def test_a_duplicate_leads_to_the_profile_that_is_kept(self, manager, guest):
        duplicate = make_guest("A. Okafor", merged_into=guest)

        assert manager.get(page_of(duplicate)).url == page_of(guest)

    def test_a_guest_that_is_not_there_is_404(self, manager):
        assert manager.get("/guests/99999999/voice-notes/erase/").status_code == 404
        assert manager.get("/guests/99999999/voice-notes.zip").status_code == 404


class TestReports:
    def test_they_are_listed_and_saved_without_names(self, manager, guest, note):
        report = erase(guest, manager.user, reason="=SUM(1)")

        assert "A guest’s notes guest" in text_of(manager.get("/erasures/"))
        [saved] = manager.get("/erasures.json").json()
        assert saved == {
            "id": str(report.pk), "kind": "guest", "at": report.at.isoformat(), "actor": manager.user.pk,
            "guest": guest.pk, "reason": "=SUM(1)", "counts": {"audio": 1, "notes": 1, "texts": 1},
            "notes": [str(note.pk)],
        }  # fmt: skip
        table = manager.get("/erasures.csv")
        assert table["Content-Disposition"] == 'attachment; filename="erasures.csv"'
        assert f",{guest.pk},'=SUM(1),1,1,1,0," in table.content.decode()
        for address in ("/erasures/", "/erasures.json", "/erasures.csv"):
            assert "okafor" not in manager.get(address).content.decode().lower()

    def test_without_any_the_page_says_so(self, manager):
        assert "Nothing was erased yet." in text_of(manager.get("/erasures/"))
        assert manager.get(f"/erasures/{uuid.uuid4()}/").status_code == 404


class TestExport:
    def test_it_holds_all_audio_and_all_that_was_said(self, manager, guest, note):
        hidden = make_note(reservation=note.reservation, transcript="Deleted.", deleted_at=note.recorded_at)
        lost = make_note(reservation=note.reservation)
        default_storage.delete(lost.audio.name)
        make_note(transcript="Of somebody else.")

        response = manager.get(f"/guests/{guest.pk}/voice-notes.zip")

        assert response.streaming
        assert response["Cache-Control"] == "private, no-store"
        archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
        assert archive.testzip() is None
        entries = {entry["id"]: entry for entry in json.loads(archive.read("notes.json"))}
        assert set(entries) == {str(note.pk), str(hidden.pk), str(lost.pk)}
        mine = entries[str(note.pk)]
        assert (mine["text"], mine["reservation"]) == ("She wants towels.", note.reservation.reference)
        assert archive.read(mine["audio"]) == note.audio.open("rb").read()
        assert entries[str(hidden.pk)]["is_deleted"]
        assert entries[str(lost.pk)]["audio"] is None
        assert len(archive.namelist()) == 3

    def test_it_goes_out_in_blocks(self, manager, guest, monkeypatch):
        monkeypatch.setattr("notes.erasure.exporting.BLOCK", 1000)
        make_note(reservation=make_reservation(guest=guest), audio=bytes(range(256)) * 100)

        blocks = list(manager.get(f"/guests/{guest.pk}/voice-notes.zip").streaming_content)

        assert max(map(len, blocks)) < 3000
        assert len(blocks) > 20


class TestProtecting:
    @pytest.fixture(autouse=True)
    def _audio_expires(self, settings):
        settings.AUDIO_KEEP_DAYS = 90

    def test_a_manager_keeps_a_note_and_lets_it_go_again(self, manager, note):
        detail = f"/voice-notes/{note.pk}/"
        assert 'aria-pressed="false"' in manager.get(detail).content.decode()

        protected = manager.post(f"{detail}protect/", headers=row(note))

        note.refresh_from_db()
        assert note.is_protected
        assert not is_page(protected)
        assert 'aria-pressed="true"' in protected.content.decode()
        assert "Kept: retention leaves it" in text_of(protected)
        assert manager.post(f"{detail}protect/", headers=row(note)).status_code == 200  # pressed twice
        manager.post(f"{detail}unprotect/")
        note.refresh_from_db()
        assert not note.is_protected

    def test_others_see_that_it_is_kept_and_have_no_button(self, desk, note):
        assert "Keep" not in text_of(desk.get(f"/voice-notes/{note.pk}/"))
        VoiceNote.objects.update(is_protected=True)

        page = desk.get(f"/voice-notes/{note.pk}/")
        assert "Kept: retention leaves it" in text_of(page)
        assert "protect/" not in page.content.decode()

    def test_where_everything_is_kept_for_ever_there_is_no_button(self, manager, note, settings):
        settings.AUDIO_KEEP_DAYS = 0

        assert "Keep" not in text_of(manager.get(f"/voice-notes/{note.pk}/"))


class TestErasedNotes:
    def test_the_row_says_that_the_audio_was_there(self, desk, note):
        VoiceNote.objects.update(audio="", container="", sha256="", size=0, audio_erased_at=note.recorded_at)

        page = desk.get(f"/voice-notes/{note.pk}/")

        assert "The audio was erased on" in text_of(page)
        assert "She wants towels." in text_of(page)
        assert "Download audio" not in text_of(page)
        assert f"/voice-notes/{note.pk}/audio" not in page.content.decode()
        assert desk.get(f"/voice-notes/{note.pk}/audio").status_code == 404

    def test_the_row_says_that_the_text_was_there(self, desk, note):
        note.transcript.delete()
        VoiceNote.objects.update(text_erased_at=note.recorded_at)

        page = text_of(desk.get(f"/voice-notes/{note.pk}/"))

        assert "The text was erased on" in page
        assert "No words were found" not in page
        assert "Try again" not in page


@pytest.mark.parametrize("page", ["/guests/{}/", "/guests/{}/voice-notes/erase/", "/erasures/", "/erasures.json"])
def test_the_queries_of_a_page_do_not_grow_with_what_there_is(manager, guest, page):
    def ask(count):
        for number in range(count):
            make_note(reservation=make_reservation(guest=guest), transcript="Of her.")
            make_note(transcript="Okafor's key.")
            make_note(reservation=make_reservation(guest=(other := make_guest(f"Other {number}"))))
            erase(other, manager.user)
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(page.format(guest.pk)).status_code == 200
        return len(queries)

    ask(1)  # what is asked once and kept is not counted
    assert ask(4) <= ask(1)


def test_staff_who_left_stay_in_the_reports(manager, guest, note):
    boss = make_user("boss", role="manager")
    erase(guest, boss)
    boss.is_active = False
    boss.save()

    assert "Boss" in text_of(manager.get("/erasures/"))
