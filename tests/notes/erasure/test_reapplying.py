"""The command `reapply_erasures`: a restored backup has notes that were erased after it was made."""

import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from notes.erasure import reports
from notes.models import ErasedNote, Erasure
from tests.factories import make_reservation
from tests.notes.erasure.erased import CANARY, REASON, committed, erase, make_recording
from tests.notes.notes import make_note
from tests.notes.traces import audio, places_of

pytestmark = pytest.mark.django_db


def reapply(*arguments, **options):
    with committed():
        call_command("reapply_erasures", *arguments, **options)


@pytest.fixture
def restored(guest):
    """A function that puts the database back to before the erasure."""
    stay = make_reservation(guest=guest)
    facts = [{"pk": uuid.uuid4(), "reservation": stay, "transcript": CANARY} for _ in range(2)]
    for fact in facts:
        make_note(**fact)
    coming = make_recording(stay)
    erase(guest)

    def restore(*, with_report):
        with transaction.atomic():
            ErasedNote.objects.all().delete()
            if not with_report:
                Erasure.objects.all().delete()
            for fact in facts:
                make_note(**fact)
            make_recording(stay, pk=coming.pk)

    return restore


@pytest.mark.parametrize("with_report", [True, False])
def test_they_are_erased_again_by_the_list_beside_the_database(restored, capsys, with_report):
    before = Erasure.objects.get()
    restored(with_report=with_report)
    assert places_of(CANARY)

    for times in ("3 notes", "0 notes"):
        reapply()
        assert f"{times} erased again." in capsys.readouterr().out

    assert places_of(CANARY) == set()
    assert audio() == []
    report = Erasure.objects.get()
    assert (report.pk, report.at, report.counts, report.reason) == (before.pk, before.at, before.counts, REASON)
    assert report.notes.count() == 3


def test_they_are_erased_again_by_a_saved_page_of_reports(restored, tmp_path):
    report = Erasure.objects.get()
    saved = tmp_path / "erasures.json"
    saved.write_text(json.dumps([reports.as_data(report) | {"actor": 987654}]))
    restored(with_report=False)

    reapply(str(saved), verbosity=0)

    assert places_of(CANARY) == set()
    assert Erasure.objects.get().actor is None  # an account that is not there


def test_a_line_that_cannot_be_read_is_told_and_the_others_count(restored, settings):
    listed = settings.ERASURE_LIST.read_text()
    settings.ERASURE_LIST.write_text('{"id": "x"}\nnull\n{"id": "' + listed)  # the third broke off
    restored(with_report=False)

    with pytest.raises(CommandError, match="3 of the reports"):
        reapply(verbosity=0)

    assert places_of(CANARY) == set()


def test_a_file_that_is_none_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        reapply(str(tmp_path / "none.json"))


def test_the_list_holds_each_report_once_and_goes_on_after_half_a_line(guest, settings):
    make_note(reservation=make_reservation(guest=guest))
    first = erase(guest)
    with settings.ERASURE_LIST.open("a") as file:
        file.write('{"id": "12')
    make_note(reservation=make_reservation(guest=guest))
    second = erase(guest)
    reports.extend_list()

    ids = [json.loads(line)["id"] for line in settings.ERASURE_LIST.read_text().split("\n") if line.endswith("}")]
    assert ids == [str(first.pk), str(second.pk)]
    assert settings.ERASURE_LIST.stat().st_mode & 0o777 == 0o600
