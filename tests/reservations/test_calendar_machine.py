"""Any sequence of what a desk may do keeps the calendar true.

Hypothesis picks the actions; beside the database runs a plain dictionary of nights. A verb must succeed when the
dictionary says that the nights are free, must refuse when they are not, and afterwards both must say the same.
"""

import datetime as dt
import os

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from reservations import availability, booking, guests, history
from reservations.booking import lifecycle
from reservations.booking.drafts import snapshot, still_to_sleep
from reservations.models import BLOCKING, Closure, Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import make_booking, make_change, make_hotel, make_user

PLAYS, ALL_PLAYS = 10, 200
STEPS = 50  # of each play
ROOMS = ("101", "102", "103")
# Days before and after today in which things happen: small, so that they get into each other's way.
BACK, AHEAD = 4, 9

days = st.integers(-BACK, AHEAD)
lengths = st.integers(1, 5)
rooms = st.integers(0, len(ROOMS) - 1)


class Calendar(RuleBasedStateMachine):
    reservations = Bundle("reservations")
    closures = Bundle("closures")

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.hotel = make_hotel(ROOMS)
        self.units = list(self.hotel.units.order_by("pk"))
        self.manager = make_user("manager", role="manager")
        self.today = self.hotel.today()
        self.taken = {}  # (unit key, night) -> ("reservation" | "closure", key)
        self.touched = set()  # reservations that the last act has changed
        self.adrift = set()  # reservations whose hold was made to lapse behind the verbs' back

    def teardown(self):
        self.replay(Reservation.objects.all())
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- what a desk does

    @rule(target=reservations, room=rooms | st.none(), first=days, nights=lengths, held=st.booleans())
    def book(self, room, first, nights, held):
        stay, unit = self.stay(first, nights), None if room is None else self.units[room]
        until = timezone.now() + dt.timedelta(hours=1) if held else None
        might = any(self.is_free(each, stay) for each in ([unit] if unit else self.units))
        might = might and self.may_be_held(stay, until)
        made = self.attempt(
            might,
            make_booking,
            property=self.hotel,
            unit=unit,
            stay=stay,
            guest_name="Okafor",
            party_size=2,
            actor=self.manager,
            hold_until=until,
        )
        return self.learn(made) if made else multiple()

    @rule(target=reservations, first=days, nights=lengths)
    def overbook(self, first, nights):
        made = make_booking(
            property=self.hotel,
            stay=self.stay(first, nights),
            guest_name="Byrne",
            party_size=1,
            actor=self.manager,
            overbook_reason="The fair.",
        )
        return self.learn(made)

    @rule(reservation=reservations, room=rooms)
    def move(self, reservation, room):
        now, unit = self.now(reservation), self.units[room]
        free = unit == now.unit or self.is_free(unit, self.left_of(now), but=now)
        might = now.is_open and len(now.segments) < 2 and free and not self.meets_somebody(now, unit)
        self.learn(self.attempt(might, booking.move, reservation=now, unit=unit, actor=self.manager, pricing="keep"))

    @rule(reservation=reservations, first=days, nights=lengths)
    def move_dates(self, reservation, first, nights):
        now, stay = self.now(reservation), self.stay(first, nights)
        might = (
            now.is_open
            and len(now.segments) < 2
            and (now.status != Status.IN_HOUSE or stay.arrival == now.arrival)
            and (not now.segments or self.is_free(now.unit, stay, but=now))
        )
        self.learn(self.attempt(might, booking.move, reservation=now, stay=stay, actor=self.manager, pricing="keep"))

    @rule(reservation=reservations, first=days, nights=lengths, room=rooms | st.none())
    def change(self, reservation, first, nights, room):
        now, stay, unit = self.now(reservation), self.stay(first, nights), None if room is None else self.units[room]
        candidates = [unit] if unit else self.units
        same = (
            stay == now.stay and now.segments and (unit is None or [segment.unit for segment in now.segments] == [unit])
        )
        rest = still_to_sleep(now, now.segments, stay)
        free = rest is None or any(
            self.is_free(each, rest, but=now) and not self.meets_somebody(now, each, rest) for each in candidates
        )
        stays_arrived = now.status != Status.IN_HOUSE or stay.arrival == now.arrival
        might = now.is_open and bool(same or (stays_arrived and free))
        self.learn(
            self.attempt(
                might,
                make_change,
                reservation=now,
                unit=unit,
                stay=stay,
                guest_name=now.guest.name,
                party_size=1,
                actor=self.manager,
                pricing="keep",
            )
        )

    @rule(reservation=reservations, first=days, nights=lengths)
    def change_in_the_same_rooms(self, reservation, first, nights):
        now, stay = self.now(reservation), self.stay(first, nights)
        places = in_the_same_rooms([(segment.unit, segment.stay) for segment in now.segments], stay)
        stays_arrived = now.status != Status.IN_HOUSE or stay.arrival == now.arrival
        fits = places is not None and all(self.is_free(unit, part, but=now) for unit, part in places)
        self.learn(
            self.attempt(
                now.is_open and stays_arrived and fits,
                make_change,
                reservation=now,
                stay=stay,
                keeps_rooms=True,
                actor=self.manager,
                pricing="keep",
            )
        )

    @rule(reservation=reservations, night=days, room=rooms)
    def split(self, reservation, night, room):
        now, unit, night = self.now(reservation), self.units[room], self.day(night)
        might = (
            now.is_open
            and now.arrival < night < now.departure
            and self.is_free(unit, Stay(night, now.departure), but=now)
            and not self.meets_somebody(now, unit, Stay(night, now.departure))
        )
        self.learn(
            self.attempt(
                might, booking.split, reservation=now, night=night, unit=unit, actor=self.manager, pricing="keep"
            )
        )

    @rule(reservation=reservations, room=rooms)
    def join(self, reservation, room):
        now, unit = self.now(reservation), self.units[room]
        might = now.is_open and self.is_free(unit, self.left_of(now), but=now) and not self.meets_somebody(now, unit)
        self.learn(self.attempt(might, booking.join, reservation=now, unit=unit, actor=self.manager, pricing="keep"))

    @rule(first=reservations, second=reservations)
    def swap(self, first, second):
        first, second = self.now(first), self.now(second)
        might = (
            first != second
            and first.is_open
            and second.is_open
            and len(first.segments) == len(second.segments) == 1
            and first.unit != second.unit
            and self.is_free(second.unit, self.left_of(first), but=first, and_but=second)
            and self.is_free(first.unit, self.left_of(second), but=second, and_but=first)
            and not self.to_sleep(first) & self.slept(second)
            and not self.to_sleep(second) & self.slept(first)
            and not self.meets_somebody(first, second.unit, but=second)
            and not self.meets_somebody(second, first.unit, but=first)
        )
        self.learn_all(self.attempt(might, booking.swap, first=first, second=second, actor=self.manager) or ())

    @rule(target=closures, room=rooms, first=days, nights=lengths)
    def close(self, room, first, nights):
        stay, unit = self.stay(first, nights), self.units[room]
        made = self.attempt(
            self.is_free(unit, stay),
            booking.close,
            unit=unit,
            stay=stay,
            kind=Closure.Kind.MAINTENANCE,
            actor=self.manager,
        )
        if made is None:
            return multiple()
        self.give("closure", made.pk, [(unit.pk, stay)])
        return made

    @rule(closure=consumes(closures))
    def reopen(self, closure):
        if self.attempt(True, booking.reopen, closure=closure, actor=self.manager):
            self.give("closure", closure.pk, [])

    @rule(reservation=reservations)
    def confirm(self, reservation):
        self.step("confirm", reservation)

    @rule(reservation=reservations)
    def cancel(self, reservation):
        self.step("cancel", reservation)

    @rule(reservation=reservations)
    def reinstate(self, reservation):
        self.step("reinstate", reservation)

    @rule(reservation=reservations)
    def check_in(self, reservation):
        self.step("check_in", reservation)

    @rule(reservation=reservations)
    def check_out(self, reservation):
        self.step("check_out", reservation)

    @rule(reservation=reservations)
    def check_out_and_free_tonight(self, reservation):
        was_there = self.now(reservation).status == Status.IN_HOUSE
        self.step("check_out", reservation, free_tonight=True)
        assert not (was_there and self.has_nights_left(reservation))

    @rule(reservation=reservations)
    def free_nights(self, reservation):
        self.step("free_nights", reservation)

    @rule(reservation=reservations)
    def mark_no_show(self, reservation):
        self.step("mark_no_show", reservation)

    @rule(reservation=reservations, status=st.sampled_from(Status))
    def overrule(self, reservation, status):
        now = self.now(reservation)
        might = status != Status.HELD or now.departure >= self.today
        said = {"status": status, "reason": "It happened.", "actor": self.manager}
        self.learn(self.attempt(might, lifecycle.overrule, reservation=now, **said))

    @rule(first=reservations, second=reservations)
    def merge_guests(self, first, second):
        keep, duplicate = self.now(first).guest, self.now(second).guest
        might = keep != duplicate
        if self.attempt(might, guests.merge, keep=keep, duplicate=duplicate, actor=self.manager):
            self.touched |= set(Reservation.objects.filter(guest=keep).values_list("pk", flat=True))
            assert not Reservation.objects.filter(guest=duplicate).exists()

    @rule(reservation=reservations)
    def let_the_hold_lapse(self, reservation):
        """As time does: no verb runs, and the nights are free."""
        now = self.now(reservation)
        if now.status != Status.HELD or now.has_lapsed:
            return
        past = timezone.now() - dt.timedelta(seconds=1)
        Reservation.objects.filter(pk=now.pk).update(hold_expires_at=past)
        Occupancy.objects.filter(reservation=now).update(expires_at=past)
        self.adrift.add(now.pk)
        self.give("reservation", now.pk, [])

    @rule()
    def sweep(self):
        lifecycle.expire_lapsed()
        assert not Reservation.objects.lapsed().exists()

    @rule(reservation=reservations)
    def undo_the_last_act(self, reservation):
        event = reservation.events.order_by("-pk").first()
        touched = Event.objects.filter(act=event.act).values_list("reservation", flat=True)
        offer = booking.undo_offers([event], self.manager)[event.act]
        refusal = None
        try:
            with transaction.atomic():
                booking.undo(event=event, actor=self.manager)
        except (booking.DatesTaken, booking.CannotUndo, booking.NotYet) as refused:
            refusal = refused
        assert bool(refusal) == bool(offer.why_not), f"the desk was told “{offer.why_not}”, and then {refusal!r}"
        if refusal:
            if isinstance(refusal, booking.DatesTaken):
                assert self.taken_by_others(event, touched)
            return
        self.learn_all(Reservation.objects.filter(pk__in=touched))

    # --- what must be true after each

    @invariant()
    def the_database_and_the_dictionary_say_the_same(self):
        rows = Occupancy.objects.in_force().values_list("unit", "nights", "reservation", "closure")
        nights = [
            ((unit, night), ("reservation", reservation) if reservation else ("closure", closure))
            for unit, span, reservation, closure in rows
            for night in _nights(span.lower, span.upper)
        ]
        assert len(nights) == len(dict(nights)), "a night is owned twice"
        assert dict(nights) == self.taken

    @invariant()
    def the_desk_is_told_as_many_free_rooms_as_there_are(self):
        count = BACK + AHEAD + 6
        first = self.day(-BACK)
        free = availability.free_by_night(property=self.hotel, unit=None, first=first, days=count)
        in_house = Reservation.objects.filter(status=Status.IN_HOUSE).with_unit()
        late = {
            (stay.segments[-1].unit_id, self.today) for stay in in_house if stay.segments and stay.is_departure_delayed
        }
        nights = self.taken.keys() | late  # a room that a party should have left is not free tonight
        taken = [sum((unit.pk, night) in nights for unit in self.units) for night in _range(first, count)]
        assert list(free) == [len(self.units) - number for number in taken]

    @invariant()
    def parts_cover_exactly_the_nights(self):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def events_replay_to_what_is(self):
        self.replay(Reservation.objects.filter(pk__in=self.touched))
        self.touched = set()

    def replay(self, reservations):
        events = {}
        for event in Event.objects.filter(reservation__in=reservations).order_by("pk"):
            events.setdefault(event.reservation_id, []).append(event)
        for reservation in reservations.with_unit():
            now, replayed = snapshot(reservation, reservation.segments), history.replay(events[reservation.pk])
            for each in (now, replayed) if reservation.pk in self.adrift else ():
                each.pop("hold_expires_at")
            assert replayed == now

    # --- the dictionary

    def step(self, name, reservation, **said):
        now = self.now(reservation)
        might = now.shown_status in lifecycle.STEPS[name].starts
        if name == "free_nights":
            might = might and self.has_nights_left(now)
        if name in ("check_in", "mark_no_show"):
            might = might and now.arrival <= self.today
        if name == "check_in":
            might = (
                might and now.departure >= self.today and now.segments and not self.others_there(self.where(now), now)
            )
        if name in ("confirm", "reinstate") and might and not self.holds_its_nights(now):
            might = any(self.is_free(unit, now.stay) for unit in self.units) or self.could_return(now)
        self.learn(self.attempt(bool(might), getattr(lifecycle, name), reservation=now, actor=self.manager, **said))

    def attempt(self, might, verb, **arguments):
        """What the verb returned, or None when it refused; it must do what the dictionary expects."""
        words = ""
        try:
            with transaction.atomic():
                done = verb(**arguments)
        except REFUSALS as error:
            done, words = None, error.message
        assert might == (done is not None), f"{verb.__name__}: {words or 'went through though it could not'}"
        return done

    def may_be_held(self, stay, until):
        """Whether a hold until then, an instant or None for none, ends by the day of departure."""
        return until is None or timezone.localdate(until, self.hotel.zone) <= stay.departure

    def learn(self, reservation):
        """Take over what a verb has done, if no night of it was another's."""
        if reservation is None:
            return None
        now = self.now(reservation)
        self.touched.add(now.pk)
        blocks = now.status in BLOCKING and not now.has_lapsed
        self.give(
            "reservation", now.pk, [(segment.unit_id, segment.stay) for segment in now.segments] if blocks else []
        )
        return reservation

    def learn_all(self, reservations):
        """Of several that changed places in one act."""
        for reservation in reservations:
            self.give("reservation", reservation.pk, [])
        for reservation in reservations:
            self.learn(reservation)

    def give(self, kind, key, segments):
        for owned in [night for night, owner in self.taken.items() if owner == (kind, key)]:
            del self.taken[owned]
        for unit, stay in segments:
            for night in _nights(stay.arrival, stay.departure):
                assert (unit, night) not in self.taken
                self.taken[unit, night] = (kind, key)

    def is_free(self, unit, stay, but=None, and_but=None):
        mine = {("reservation", each.pk) for each in (but, and_but) if each}
        if stay is None:
            return False
        return all(self.taken.get((unit.pk, night)) in {None, *mine} for night in _nights(stay.arrival, stay.departure))

    def left_of(self, reservation):
        return still_to_sleep(reservation, reservation.segments, reservation.stay)

    def to_sleep(self, reservation):
        left = self.left_of(reservation)
        return set(_nights(left.arrival, left.departure)) if left else set()

    def slept(self, reservation):
        """Nights that stay where they were."""
        return set(_nights(reservation.arrival, reservation.departure)) - self.to_sleep(reservation)

    def has_nights_left(self, reservation):
        """From today on."""
        owner = ("reservation", reservation.pk)
        return any(owned == owner and night >= self.today for (_, night), owned in self.taken.items())

    def holds_its_nights(self, reservation):
        return ("reservation", reservation.pk) in self.taken.values()

    def could_return(self, reservation):
        """To the rooms it had before it gave them back, which may be several."""
        for event in reservation.events.order_by("-pk"):
            if had := (event.data.get("segments") or [None])[0]:
                nights = Stay(dt.date.fromisoformat(had[0]["arrival"]), dt.date.fromisoformat(had[-1]["departure"]))
                return nights == reservation.stay and not self.any_taken(had, {reservation.pk})
        return False

    def taken_by_others(self, event, touched):
        befores = Event.objects.filter(act=event.act).values_list("data", flat=True)
        return any(self.any_taken((data.get("segments") or [[]])[0] or [], set(touched)) for data in befores)

    def any_taken(self, segments, mine):
        owners = {
            self.taken.get((segment["unit"], night))
            for segment in segments
            for night in _nights(*(dt.date.fromisoformat(segment[end]) for end in ("arrival", "departure")))
        }
        return bool(owners - {None} - {("reservation", key) for key in mine})

    def where(self, reservation):
        """The room of its latest segment that has begun."""
        begun = [segment for segment in reservation.segments if segment.stay.arrival <= self.today]
        return begun[-1].unit if begun else None

    def others_there(self, unit, *but):
        """Who is in the house, and in that room now."""
        there = Reservation.objects.with_unit().filter(status=Status.IN_HOUSE).exclude(pk__in=[each.pk for each in but])
        return [each for each in there if unit and self.where(each) == unit]

    def meets_somebody(self, reservation, unit, nights=None, but=None):
        """Whether it is in the house and would come into a room in which somebody is."""
        nights = nights or self.left_of(reservation)
        if reservation.status != Status.IN_HOUSE or nights is None or self.where(reservation) == unit:
            return False
        return nights.arrival <= self.today and bool(self.others_there(unit, reservation, *filter(None, [but])))

    def now(self, reservation):
        return Reservation.objects.with_unit().get(pk=reservation.pk)

    def day(self, offset):
        return self.today + dt.timedelta(days=offset)

    def stay(self, first, nights):
        return Stay.of_nights(self.day(first), nights)


REFUSALS = (
    booking.DatesTaken,
    booking.NotBookable,
    booking.NotOpen,
    booking.NotMovable,
    guests.SameGuest,
    lifecycle.NotThisStep,
    booking.NotYet,
)


def in_the_same_rooms(places, stay):
    """[(unit, stay)] with the first beginning and the last ending as `stay` does; None if one would have no night."""
    if len(places) < 2:
        return [(unit, stay) for unit, _ in places]
    (first, begins), *between, (last, ends) = places
    if begins.departure <= stay.arrival or stay.departure <= ends.arrival:
        return None
    return [(first, Stay(stay.arrival, begins.departure)), *between, (last, Stay(ends.arrival, stay.departure))]


def _nights(arrival, departure):
    return _range(arrival, (departure - arrival).days)


def _range(first, count):
    return [first + dt.timedelta(days=number) for number in range(count)]


@pytest.mark.takes_a_minute
@pytest.mark.parametrize("plays", [PLAYS, pytest.param(ALL_PLAYS, marks=pytest.mark.full)])
@pytest.mark.django_db
def test_whatever_the_desk_does_the_calendar_stays_true(plays):
    run_state_machine_as_test(
        Calendar,
        settings=settings(
            max_examples=plays,
            stateful_step_count=STEPS,
            deadline=None,
            # The same plays each time, so that a red test is about the change; `EXPLORE=1` makes up new ones.
            derandomize=not os.environ.get("EXPLORE"),
            suppress_health_check=list(HealthCheck),
        ),
    )
