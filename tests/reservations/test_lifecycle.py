import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    eur,
    make_apartment,
    make_booking,
    make_change,
    make_hotel,
    make_reservation,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def in_an_hour():
    return timezone.now() + HOUR


def today_at(property, nights=3, status=Status.CONFIRMED, days=0, **fields):
    """A stay that begins `days` after the property's today."""
    arrival = property.today() + dt.timedelta(days=days)
    return make_reservation(property, arrival=arrival, nights=nights, status=status, **fields)


def hold(property, nights=3, until=None, **fields):
    return make_booking(
        property=property,
        stay=Stay.of_nights(ARRIVAL, nights),
        guest_name="Ines Duarte",
        party_size=2,
        actor=None,
        hold_until=until or in_an_hour(),
        **fields,
    )


def lapse(reservation):
    """As time does."""
    past = timezone.now() - HOUR
    Reservation.objects.filter(pk=reservation.pk).update(hold_expires_at=past)
    Occupancy.objects.filter(reservation=reservation).update(expires_at=past)
    return fresh(reservation)


def book(property, guest_name="Marta Wójcik", nights=3, **wanted):
    wanted = {"stay": Stay.of_nights(ARRIVAL, nights), "party_size": 2, "actor": None} | wanted
    return make_booking(property=property, guest_name=guest_name, **wanted)


class TestTheTable:
    STARTS = {
        Status.HELD: {"confirm", "extend_hold", "cancel"},
        Status.CONFIRMED: {"check_in", "cancel", "mark_no_show"},
        Status.IN_HOUSE: {"check_out"},
        Status.CHECKED_OUT: {"free_nights"},  # as long as some are kept
        Status.CANCELLED: {"reinstate"},
        Status.NO_SHOW: {"reinstate"},
        Status.EXPIRED: {"confirm", "extend_hold"},
    }

    @pytest.mark.parametrize("status", Status)
    def test_each_state_allows_its_steps_and_no_other(self, status):
        reservation = today_at(make_apartment(), status=status, hold_expires_at=in_an_hour())

        assert set(lifecycle.steps_from(reservation)) == self.STARTS[status]
        for name in lifecycle.STEPS.keys() - self.STARTS[status]:
            arguments = {"until": in_an_hour()} if name == "extend_hold" else {}
            with pytest.raises(lifecycle.NotThisStep):
                getattr(lifecycle, name)(reservation=reservation, actor=None, **arguments)
        assert fresh(reservation).status == status

    def test_a_refused_step_says_what_the_state_is(self):
        reservation = make_reservation(status=Status.CHECKED_OUT)

        with pytest.raises(lifecycle.NotThisStep, match=f"{reservation.reference} is checked out and cannot be"):
            lifecycle.cancel(reservation=reservation, actor=None)

    def test_every_step_leaves_its_event_with_both_states(self):
        alice, reservation = make_user(), today_at(make_apartment())

        lifecycle.check_in(reservation=reservation, actor=alice)

        event = reservation.events.get()
        assert (event.action, event.from_status, event.to_status) == ("checked_in", "confirmed", "in_house")
        assert event.data["status"] == ["confirmed", "in_house"]
        assert event.actor == alice


class TestHolds:
    def test_a_hold_takes_its_nights_until_it_lapses(self):
        flat = make_apartment()
        hold(flat)

        with pytest.raises(booking.DatesTaken, match="Ines Duarte"):
            book(flat)

    def test_a_lapsed_hold_is_free_at_once_though_nothing_has_tidied_it(self):
        flat = make_apartment()
        held = lapse(hold(flat))

        taken = book(flat)

        assert taken.unit == flat.units.get()
        assert fresh(held).status == Status.EXPIRED
        assert held.events.first().action == Event.Action.EXPIRED

    def test_confirming_after_the_lapse_is_refused_when_someone_has_booked(self):
        flat = make_apartment()
        held = lapse(hold(flat))
        book(flat, guest_name="Amara Okafor")

        with pytest.raises(booking.DatesTaken, match=r"Amara Okafor is there.*free from"):
            lifecycle.confirm(reservation=held, actor=None)

    def test_confirming_after_the_lapse_goes_through_while_the_nights_are_free(self):
        held = lapse(hold(make_apartment()))

        confirmed = lifecycle.confirm(reservation=held, actor=None)

        assert (confirmed.status, confirmed.hold_expires_at) == (Status.CONFIRMED, None)
        assert Occupancy.objects.get().expires_at is None

    def test_confirming_keeps_the_nights_for_good(self):
        held = hold(make_apartment())

        lifecycle.confirm(reservation=held, actor=None)

        assert Occupancy.objects.get().expires_at is None

    def test_a_hold_can_be_made_longer(self):
        held, until = hold(make_apartment()), timezone.now() + 5 * HOUR

        lifecycle.extend_hold(reservation=held, until=until, actor=None)

        assert Occupancy.objects.get().expires_at == until

    @pytest.mark.parametrize("hours", [0, -1])
    def test_a_hold_that_would_end_at_once_is_refused(self, hours):
        with pytest.raises(booking.NotBookable, match="end before it begins"):
            hold(make_apartment(), until=timezone.now() + hours * HOUR)

    @pytest.mark.parametrize("hours", [24, 24.5])
    def test_a_hold_ends_on_the_day_of_departure_at_the_latest(self, hours):
        """By the property's clock: in Honolulu that day ends at 10:00 UTC."""
        flat = make_apartment(time_zone="Pacific/Honolulu")
        begun = dt.datetime.combine(ARRIVAL + 3 * DAY, dt.time(), tzinfo=flat.zone)

        if hours == 24:
            assert hold(flat, until=begun + hours * HOUR).hold_expires_at == begun + DAY
        else:
            with pytest.raises(booking.NotBookable, match="end after the departure"):
                hold(flat, until=begun + hours * HOUR)

    def test_a_hold_is_not_made_longer_than_the_stay(self):
        held = hold(make_apartment())

        with pytest.raises(booking.NotBookable, match="end after the departure"):
            lifecycle.extend_hold(reservation=held, until=in_an_hour() + 700 * DAY, actor=None)

        assert fresh(held).hold_expires_at == held.hold_expires_at

    @pytest.mark.parametrize("verb", ["book", "overrule"])
    def test_the_usual_hold_of_a_short_stay_ends_with_the_day_of_departure(self, verb):
        """It is not refused: who presses Hold has chosen no time."""
        flat = make_apartment(hold_hours=72)
        tonight = Stay.of_nights(flat.today(), 1)

        if verb == "book":
            held = book(flat, stay=tonight, is_hold=True)
        else:
            stay = today_at(flat, nights=1)
            held = lifecycle.overrule(
                reservation=stay, status=Status.HELD, reason="Not paid.", actor=make_user(role="manager")
            )

        assert held.hold_expires_at == dt.datetime.combine(flat.today() + 2 * DAY, dt.time(), tzinfo=flat.zone)

    def test_a_usual_hold_on_the_day_of_departure_ends_tonight(self):
        flat = make_apartment(hold_hours=72)

        held = book(flat, stay=Stay.of_nights(flat.today() - DAY, 1), is_hold=True)

        assert held.hold_expires_at == dt.datetime.combine(flat.today() + DAY, dt.time(), tzinfo=flat.zone)

    @pytest.mark.parametrize("until", [None, "an hour"])
    def test_a_stay_that_is_over_is_not_held(self, until):
        flat = make_apartment()
        hour = until and in_an_hour()

        with pytest.raises(booking.NotBookable, match="This stay is over: it cannot be held any more"):
            book(flat, stay=Stay.of_nights(flat.today() - 3 * DAY, 2), is_hold=True, hold_until=hour)

        assert not Reservation.objects.exists()

    def test_the_sweep_writes_down_what_has_lapsed_and_leaves_the_rest(self):
        lapsed, unexpired = lapse(hold(make_apartment())), hold(make_apartment())

        assert lifecycle.expire_lapsed() == 1
        assert lifecycle.expire_lapsed() == 0

        assert fresh(lapsed).status == Status.EXPIRED
        assert fresh(unexpired).status == Status.HELD
        assert Occupancy.objects.get().reservation == unexpired

    def test_the_queue_sweeps_every_minute(self):
        from django_q.models import Schedule

        schedule = Schedule.objects.get(func="reservations.tasks.expire_lapsed")

        assert (schedule.schedule_type, schedule.minutes) == (Schedule.MINUTES, 1)

    def test_a_lapsed_hold_is_shown_as_expired(self):
        held = lapse(hold(make_apartment()))

        assert held.shown_status == Status.EXPIRED
        assert not held.is_open


class TestArriving:
    def test_nobody_is_checked_in_before_their_day(self):
        reservation = today_at(make_apartment(), days=1)

        with pytest.raises(lifecycle.NotYet, match="arrives on"):
            lifecycle.check_in(reservation=reservation, actor=None)

    def test_the_propertys_day_counts_not_the_servers(self):
        flat = make_apartment(time_zone="Pacific/Kiritimati")  # 14 hours ahead
        with time_machine.travel(dt.datetime(2027, 5, 2, 11, tzinfo=dt.UTC), tick=False):
            reservation = make_reservation(flat, arrival=ARRIVAL)  # tomorrow by UTC, today there

            lifecycle.check_in(reservation=reservation, actor=None)

        assert fresh(reservation).status == Status.IN_HOUSE

    def test_a_party_without_a_room_is_not_checked_in(self):
        hotel, manager = make_hotel(["101"]), make_user(role="manager")
        stay = Stay.of_nights(hotel.today(), 2)
        lost = make_booking(
            property=hotel, stay=stay, guest_name="B", party_size=1, actor=manager, overbook_reason="The fair."
        )

        with pytest.raises(lifecycle.NotYet, match="No room is assigned"):
            lifecycle.check_in(reservation=lost, actor=None)

    def test_nobody_is_checked_in_beside_a_guest_who_has_not_left(self):
        flat = make_apartment()
        today_at(flat, days=-2, nights=2, status=Status.IN_HOUSE, guest="Tom Byrne")
        arriving = today_at(flat)

        with pytest.raises(lifecycle.NotYet, match="Tom Byrne has not been checked out"):
            lifecycle.check_in(reservation=arriving, actor=None)

    def test_late_arrivals_are_flagged(self):
        late, due = today_at(make_apartment(), days=-1), today_at(make_apartment())

        assert late.is_arrival_delayed
        assert not due.is_arrival_delayed

    def test_a_no_show_gives_the_nights_back(self):
        reservation = today_at(make_apartment())

        lifecycle.mark_no_show(reservation=reservation, actor=None)

        assert not Occupancy.objects.exists()

    def test_it_is_too_early_for_a_no_show_before_the_day(self):
        with pytest.raises(lifecycle.NotYet, match="too early"):
            lifecycle.mark_no_show(reservation=today_at(make_apartment(), days=1), actor=None)


class TestLeaving:
    def test_leaving_early_gives_the_nights_and_their_price_back(self):
        reservation = today_at(make_apartment(nightly_rate=100), days=-1, nights=4, status=Status.IN_HOUSE)

        left = lifecycle.check_out(reservation=reservation, actor=None)

        assert left.stay.nights == 1
        assert left.price == eur(100)
        assert Occupancy.objects.get().stay == left.stay

    def test_leaving_on_the_day_changes_no_dates(self):
        reservation = today_at(make_apartment(), days=-3, nights=3, status=Status.IN_HOUSE)

        left = lifecycle.check_out(reservation=reservation, actor=None)

        assert left.stay == reservation.stay

    def test_one_night_is_kept_of_a_party_that_leaves_at_once(self):
        reservation = today_at(make_apartment(), nights=4, status=Status.IN_HOUSE)

        assert lifecycle.check_out(reservation=reservation, actor=None).stay.nights == 1

    def test_a_departure_after_the_hour_is_flagged(self):
        flat = make_apartment(check_out_time=dt.time(11), time_zone="Europe/Lisbon")
        reservation = make_reservation(flat, arrival=ARRIVAL, nights=1, status=Status.IN_HOUSE)

        delayed = {}
        for hour in (10, 11, 12):
            with time_machine.travel(dt.datetime(2027, 5, 4, hour - 1, 30, tzinfo=dt.UTC), tick=False):  # Lisbon is +1
                delayed[hour] = reservation.is_departure_delayed

        assert delayed == {10: False, 11: True, 12: True}

    def test_the_page_of_a_party_that_is_overdue_names_who_comes_next_into_its_last_room(self, desk):
        hotel = make_hotel(["101", "102"])
        over = today_at(hotel, days=-3, nights=2, status=Status.IN_HOUSE)
        today_at(hotel, days=4, guest="Later Still")
        tom = today_at(hotel, days=1, guest="Tom Byrne")
        make_reservation(unit=hotel.units.get(name="102"), arrival=hotel.today(), guest="In Another Room")
        today_at(hotel, status=Status.CANCELLED, guest="Cancelled Her Stay")

        page = desk.get(over.get_absolute_url()).content.decode()

        assert lifecycle.next_arrival_in(over) == tom
        assert f'Next there: <a href="{tom.get_absolute_url()}">Tom Byrne</a>' in page

    def test_the_page_of_an_overdue_party_in_a_hotel_without_listed_rooms_names_nobody(self, desk):
        hotel = make_hotel([])
        over = today_at(hotel, days=-3, nights=2, status=Status.IN_HOUSE)
        today_at(hotel, days=1, guest="Tom Byrne")

        page = desk.get(over.get_absolute_url()).content.decode()

        assert lifecycle.next_arrival_in(over) is None
        assert "Departure delayed." in page
        assert "Next there" not in page

    def test_staying_longer_looks_at_who_comes_next(self):
        flat = make_apartment()
        reservation = today_at(flat, days=-2, nights=2, status=Status.IN_HOUSE)
        today_at(flat, days=1, guest="Tom Byrne")

        stay = Stay(reservation.arrival, flat.today() + dt.timedelta(days=2))
        with pytest.raises(booking.DatesTaken, match="Tom Byrne"):
            booking.move(reservation=reservation, stay=stay, actor=None, pricing="keep")


class TestOverruling:
    def test_a_manager_sets_any_state_with_a_reason_and_the_history_says_so(self):
        manager, reservation = make_user(role="manager"), make_reservation(status=Status.CHECKED_OUT)

        lifecycle.overrule(reservation=reservation, status=Status.IN_HOUSE, reason="They came back.", actor=manager)

        event = reservation.events.get()
        assert (event.action, event.reason, event.to_status) == ("overruled", "They came back.", "in_house")

    @pytest.mark.parametrize(("role", "reason"), [("reception", "Because."), ("manager", "")])
    def test_others_and_wordless_managers_are_refused(self, role, reason):
        user, reservation = make_user(role=role), make_reservation()

        with pytest.raises(booking.NotAllowed):
            lifecycle.overrule(reservation=reservation, status=Status.CANCELLED, reason=reason, actor=user)

    def test_nights_that_are_gone_leave_the_stay_in_the_lane(self):
        flat, manager = make_apartment(), make_user(role="manager")
        cancelled = make_reservation(flat, status=Status.CANCELLED)
        make_reservation(flat)

        lifecycle.overrule(reservation=cancelled, status=Status.CONFIRMED, reason="Promised.", actor=manager)

        assert fresh(cancelled).is_unassigned


class TestComingBack:
    def test_a_cancelled_stay_returns_to_the_rooms_it_had(self):
        hotel = make_hotel(["101", "102", "103"])
        reservation = make_reservation(unit=hotel.units.get(name="103"), nights=4)
        split = booking.split(
            reservation=reservation,
            night=ARRIVAL + dt.timedelta(days=2),
            unit=hotel.units.get(name="102"),
            actor=None,
        )
        lifecycle.cancel(reservation=split, actor=None)

        back = lifecycle.reinstate(reservation=split, actor=None)

        assert fresh(back).rooms == "103 → 102"

    def test_rooms_it_had_on_other_nights_are_not_given_back_to_it(self):
        hotel, manager = make_hotel(["101"]), make_user(role="manager")
        lost = make_booking(
            property=hotel,
            stay=Stay.of_nights(ARRIVAL, 2),
            guest_name="B",
            party_size=1,
            actor=manager,
            overbook_reason="The fair.",
        )
        later = Stay.of_nights(ARRIVAL + dt.timedelta(days=9), 4)
        make_change(reservation=lost, stay=later, guest_name="B", party_size=1, actor=manager)
        booking.undo(event=lost.events.latest("pk"), actor=manager)

        lifecycle.overrule(reservation=lost, status=Status.CONFIRMED, reason="Sorted out.", actor=manager)

        assert Occupancy.objects.get().stay == Stay.of_nights(ARRIVAL, 2)

    def test_a_no_show_who_comes_after_all_is_reinstated(self):
        reservation = today_at(make_apartment(), days=-1)
        lifecycle.mark_no_show(reservation=reservation, actor=None)

        assert lifecycle.reinstate(reservation=reservation, actor=None).status == Status.CONFIRMED
