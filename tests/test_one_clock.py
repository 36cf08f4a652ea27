"""One clock: what one process writes and another one judges is an instant of the database's clock.

Here Python's clock is wrong and the database's is right, as on a machine whose clock nobody sets.
"""

import datetime as dt
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ

from accounts import sign_in_throttle, tokens
from accounts.models import Token
from api import idempotency
from api.models import IdempotentResponse
from config import clock
from notes import editing, read_receipts, rendering, typed_notes
from notes.erasure import erasing, retention
from notes.files import deletion
from notes.ingest import recording
from notes.ingest.recovery import recover
from notes.leases import LEASE
from notes.models import Failure, Playable, Recording, Status, VoiceNote
from notes.tasks import expire
from notes.transcription import live_recordings, saved_notes
from reservations import booking
from reservations.booking import archiving, group_lifecycle, lifecycle
from reservations.models import Reservation
from reservations.stay import Stay
from reservations.wording import moment
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_apartment, make_booking, make_guest, make_hotel, make_reservation, make_user
from tests.notes.ingest.senders import Sender
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SKEWS = [pytest.param(5 * MINUTE, id="5-min-fast"), pytest.param(-5 * MINUTE, id="5-min-slow")]
FAR = dt.timedelta(days=2000)
# Beyond any time that is granted: what lies further off was written by Python's clock.
GRANTED = dt.timedelta(days=400)
OURS = ("accounts", "api", "properties", "reservations", "notes")
# Instants that the framework, or the database itself, writes.
NOT_OURS = {"accounts.User.last_login", "accounts.User.date_joined", "api.Usage.minute"}


@contextmanager
def machine_off_by(skew):
    """A process on another machine, just started there."""
    clock.forget()
    with time_machine.travel(dt.datetime.now(dt.UTC) + skew):
        yield
    clock.forget()


def hold(flat, **fields):
    defaults = {"stay": Stay.of_nights(ARRIVAL, 2), "guest_name": "Ida", "party_size": 1, "actor": None}
    return make_booking(property=flat, **defaults | {"hold_until": clock.now() + 3 * MINUTE} | fields)


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


class TestWhatIsWritten:
    """Everything that is written is written once by a machine that lives years ahead."""

    def test_no_instant_is_of_the_machines_own_clock(self, alice, settings):
        manager = make_user("manager", role="manager")
        token, _ = tokens.issue(user=alice, name="T", scopes=["availability"], actor=alice)

        with machine_off_by(FAR):
            stays(manager)
            voice_notes(alice)
            programs(alice, token)
            erasures(manager, settings)

        written = instants()
        now = timezone.now()
        assert {name for name, at in written if abs(at - now) > GRANTED} == set()
        assert all_instants() - {name for name, _ in written} == set(), "let this test write them, too"


def stays(manager):
    flat, hotel = make_apartment(), make_hotel(["101", "102"])
    held = hold(flat)
    lifecycle.extend_hold(reservation=held, until=clock.now() + MINUTE, actor=None)
    lifecycle.overrule(reservation=held, status="held", reason="Promised.", actor=manager)
    closure = booking.close(unit=hotel.units.first(), stay=Stay.of_nights(ARRIVAL, 2), kind="cleaning", actor=manager)
    booking.reopen(closure=closure, actor=manager)
    fields = {"stay": Stay.of_nights(ARRIVAL, 2), "booker_name": "B", "rooms": [(None, 2, 2)], "actor": None}
    group_lifecycle.cancel_group(group=booking.book_group(property=hotel, **fields), actor=manager)
    archiving.archive_room(unit=hotel.units.first(), actor=manager)
    archiving.archive_property(property=hotel, actor=manager)


def voice_notes(author):
    sender = Sender(author)
    count = sender.send()
    live_recordings.claim(str(sender.who["key"]))
    recording.stop(**sender.who, chunks=count, seconds=3)
    spoken = sender.save(count)
    Recording.objects.filter(pk=spoken.pk).update(claim=None, attempts=2, refusal="")
    saved_notes.release(saved_notes.claim(str(spoken.pk)), Failure.ENGINE)
    saved_notes.claim(str(spoken.pk)).renew()
    render_while_the_file_is_away(make_note(author=author, playable=Playable.DUE, recorded_at=clock.now()))
    Sender(author).send()
    recover(clock.now() + 60 * MINUTE)
    typed = typed_notes.type_note(text="Two towels.", author=author, property=make_apartment())
    editing.edit_text(note=typed, text="Three towels.", seen="Two towels.", actor=author)
    editing.delete(note=typed, actor=author)
    read_receipts.mark_all_read(notes=VoiceNote.objects.all(), user=make_user("tom"))


def render_while_the_file_is_away(note):
    """A folder in its place cannot be read, as with storage that is away."""
    Path(note.audio.path).unlink()
    Path(note.audio.path).mkdir()
    rendering.render(str(note.pk))


def programs(user, token):
    flat = make_apartment()
    body = {"property": flat.pk, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "A"}
    assert Program.of(user).post("/reservations/", body, idempotency_key="k").status_code == 201
    tokens.revoke(token=token, actor=user)
    sign_in_throttle.count(username="a", address="192.0.2.1")
    tokens.issue(user=user, name="U", scopes=["availability"], actor=user, expires_at=clock.now() + MINUTE)


def erasures(user, settings):
    guest = make_guest()
    make_note(reservation=make_reservation(guest=guest), recorded_at=clock.now())
    erasing.erase_notes_of(guest=guest, actor=user, reason="asked")
    settings.AUDIO_KEEP_DAYS = settings.TEXT_KEEP_DAYS = 1
    make_note(transcript="Old.", recorded_at=clock.now() - 2 * dt.timedelta(days=1))
    retention.expire(clock.now())
    deletion.list_for_deletion(["2026/11/x.webm"])


def instants():
    """(name of the field, value) of every instant in our tables, and in the queue's."""
    return [
        (_name(field), value)
        for model in [*_models(), OrmQ]
        for field in _instants_of(model)
        for value in model._base_manager.exclude(**{field.name: None}).values_list(field.name, flat=True)
    ]


def all_instants():
    return {_name(field) for model in _models() for field in _instants_of(model)} - NOT_OURS


def _models():
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def _instants_of(model):
    fields = [field for field in model._meta.fields if isinstance(field, models.DateTimeField)]
    return [field for field in fields if _name(field) not in NOT_OURS]


def _name(field):
    return f"{field.model._meta.label}.{field.name}"


@pytest.mark.parametrize("skew", SKEWS)
class TestWhatIsJudged:
    """One machine writes, another one judges, and each of them may be the wrong one."""

    def test_a_lease_on_a_note_is_not_stolen(self, alice, skew):
        key = str(make_note(recorded_at=clock.now()).pk)
        assert saved_notes.claim(key)

        with machine_off_by(skew):
            assert saved_notes.claim(key) is None

    def test_a_wrong_machine_has_its_lease_as_long_as_others(self, alice, skew):
        key = str(make_note(recorded_at=clock.now()).pk)

        with machine_off_by(skew):
            lease = saved_notes.claim(key)
            lease.renew()
        call_command("sweep_notes")

        assert saved_notes.claim(key) is None
        [until] = lease.row().values_list("lease_until", flat=True)
        assert abs(until - timezone.now() - LEASE) < MINUTE / 2

    def test_a_sweeper_on_a_wrong_machine_takes_nothing_from_who_works(self, alice, skew):
        lease = saved_notes.claim(str(make_note(recorded_at=clock.now()).pk))

        with machine_off_by(skew):
            call_command("sweep_notes")

        note = lease.row().get()
        assert (note.status, note.attempts) == (Status.TRANSCRIBING, 1)

    def test_a_lease_on_a_recording_is_not_stolen(self, alice, skew):
        sender = Sender(alice)
        with machine_off_by(skew):
            sender.send()
            assert live_recordings.claim(str(sender.who["key"]))

        call_command("sweep_notes")
        assert live_recordings.claim(str(sender.who["key"])) is None
        with machine_off_by(-skew):
            assert live_recordings.claim(str(sender.who["key"])) is None

    def test_a_recording_that_comes_in_is_not_recovered(self, alice, skew):
        sender = Sender(alice)
        with machine_off_by(4 * skew):
            sender.send()
        with machine_off_by(-4 * skew):
            call_command("sweep_notes")

        assert Recording.objects.get().recovered_at is None

    def test_a_task_is_given_to_the_next_worker_and_to_one_only(self, settings, skew):
        broker = get_broker()
        with machine_off_by(skew):
            task = broker.enqueue("x")

        assert broker._claim() == [(task, "x")]
        with machine_off_by(3 * skew):
            assert broker._claim() == []

    def test_a_hold_of_three_minutes_is_a_hold_of_three_minutes(self, skew):
        flat = make_apartment()

        with machine_off_by(skew):
            held = hold(flat)
            lifecycle.expire_lapsed()
            assert (held.shown_status, held.is_open) == ("held", True)

        assert fresh(held).shown_status == "held"
        with pytest.raises(booking.DatesTaken):
            hold(flat, guest_name="Bo")

    def test_a_hold_that_is_over_is_shown_as_over(self, skew):
        flat, ago = make_apartment(), timezone.now() - 3 * MINUTE
        lapsed = make_reservation(flat, status="held", hold_expires_at=ago)

        with machine_off_by(skew):
            assert (fresh(lapsed).shown_status, fresh(lapsed).is_open) == ("expired", False)
            assert hold(flat, guest_name="Bo").shown_status == "held"

    def test_a_hold_ends_later_than_now(self, skew):
        soon, ago = (timezone.now() + minutes * MINUTE for minutes in (3, -3))

        with machine_off_by(skew):
            with pytest.raises(booking.NotBookable, match="end before it begins"):
                hold(make_apartment(), hold_until=ago)
            assert hold(make_apartment(), hold_until=soon).hold_expires_at == soon

    def test_the_forms_propose_the_hours_of_the_property(self, desk, skew):
        flat = make_apartment(hold_hours=2)

        with machine_off_by(skew):
            page = desk.get(reverse("reservations:extend_hold", args=[hold(flat).reference])).content.decode()

        ends = (clock.now() + dt.timedelta(hours=2)).astimezone(flat.zone)
        around = [moment(ends + minutes * MINUTE) for minutes in (-1, 0, 1)]
        assert any(f'value="{end}"' in page for end in around)

    def test_a_token_is_good_until_its_end(self, alice, skew):
        def issued(minutes):
            ends = timezone.now() + minutes * MINUTE
            return tokens.issue(user=alice, name="T", scopes=["availability"], actor=alice, expires_at=ends)[1]

        good, over = issued(3), issued(-3)

        with machine_off_by(skew):
            assert tokens.recognise(good)
            with pytest.raises(tokens.TokenRefused, match="expired"):
                tokens.recognise(over)
            assert [token.is_valid for token in Token.objects.for_list()] == [True, False]

    def test_an_answer_is_kept_for_its_day(self, alice, skew):
        at = timezone.now() - idempotency.RETENTION
        facts = {"user": alice, "fingerprint": "f", "status": 200}
        IdempotentResponse.objects.create(key="young", created_at=at + 3 * MINUTE, **facts)
        IdempotentResponse.objects.create(key="old", created_at=at - 3 * MINUTE, **facts)

        with machine_off_by(skew):
            idempotency.delete_expired()

        assert IdempotentResponse.objects.get().key == "young"

    def test_what_was_said_seven_days_ago_is_not_new_any_more(self, alice, skew):
        make_note(
            transcript="a", author=make_user("tom"), recorded_at=timezone.now() - read_receipts.LATELY - 3 * MINUTE
        )
        make_note(
            transcript="b", author=make_user("bob"), recorded_at=timezone.now() - read_receipts.LATELY + 3 * MINUTE
        )

        with machine_off_by(skew):
            assert read_receipts.unread_lately(alice) == 1

    def test_retention_counts_days_by_the_database(self, alice, settings, skew):
        settings.AUDIO_KEEP_DAYS = 1
        day = dt.timedelta(days=1)
        old = make_note(transcript="a", recorded_at=timezone.now() - day - 3 * MINUTE)
        make_note(transcript="b", recorded_at=timezone.now() - day + 3 * MINUTE)

        with machine_off_by(skew):
            expire()

        assert list(VoiceNote.objects.filter(audio="")) == [old]


class TestTheClock:
    def test_it_goes_on_between_two_looks_without_a_query(self, django_assert_num_queries):
        first = clock.now()

        with django_assert_num_queries(0), time_machine.travel(0, tick=False):
            second = clock.now()

        assert dt.timedelta() <= second - first < MINUTE
        assert second.tzinfo is dt.UTC

    def test_it_asks_again_after_a_while(self, monkeypatch, database_clock):
        clock.now()
        database_clock.stop_at(dt.datetime(2031, 1, 1, tzinfo=dt.UTC))
        before = clock.now()
        database_clock.stop_at(dt.datetime(2032, 1, 1, tzinfo=dt.UTC), noticed=False)

        assert clock.now() - before < MINUTE
        monkeypatch.setattr(clock, "READ_EACH_SECONDS", -1)
        assert clock.now().year == 2032

    def test_a_transaction_that_has_failed_does_not_stop_it(self, monkeypatch):
        before = clock.now()
        monkeypatch.setattr(clock, "READ_EACH_SECONDS", -1)

        with transaction.atomic(), connection.cursor() as cursor:
            with pytest.raises(DatabaseError):
                cursor.execute("SELECT 1 / 0")
            assert dt.timedelta() <= clock.now() - before < MINUTE
            transaction.set_rollback(True)

    def test_what_a_test_sets_is_gone_after_it(self, database_clock):
        database_clock.shift(dt.timedelta(days=1000))

        assert clock.now() - timezone.now() > dt.timedelta(days=999)
        far = Stay.of_nights(ARRIVAL + dt.timedelta(days=1000), 2)
        assert hold(make_apartment(), stay=far).created_at - timezone.now() > dt.timedelta(days=999)
        database_clock.remove()
        assert abs(clock.now() - timezone.now()) < MINUTE
