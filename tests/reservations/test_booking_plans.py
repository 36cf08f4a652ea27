import datetime as dt
import uuid

import pytest

from config.errors import DomainError
from reservations import booking
from reservations.availability import reallocation
from reservations.booking import PlanChanged
from reservations.models import Event, Reservation, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_booking, make_hotel, make_reservation, make_room_type, make_user

pytestmark = pytest.mark.django_db


def nights(first, last):
    return Stay(ARRIVAL + dt.timedelta(days=first), ARRIVAL + dt.timedelta(days=last))


REQUESTED = nights(0, 4)


def make_stay(hotel, room, first, last, **fields):
    return make_reservation(
        unit=hotel.units.get(name=room), arrival=nights(first, last).arrival, nights=last - first, **fields
    )


@pytest.fixture
def hotel():
    """Two rooms, each taken for half of the requested nights: Late has to go to 101."""
    hotel = make_hotel(rooms=("101", "102"))
    make_stay(hotel, "101", 0, 2, guest="Early")
    make_stay(hotel, "102", 2, 4, guest="Late")
    return hotel


def book(hotel, plan, **fields):
    fields = {"stay": REQUESTED, "guest_name": "Marta Wójcik", "party_size": 1, "actor": None} | fields
    return make_booking(property=hotel, moves=plan.as_text(), **fields)


def rooms(hotel):
    return {row.guest.name: row.rooms for row in hotel.reservations.with_unit() if row.rooms}


class TestAgreedPlan:
    def test_it_moves_and_books_at_once(self, hotel):
        made = book(hotel, reallocation.plan(property=hotel, stay=REQUESTED))

        assert made.stay == REQUESTED
        assert rooms(hotel) == {"Early": "101", "Late": "101", "Marta Wójcik": "102"}

    def test_the_moves_and_the_booking_are_one_act_in_the_history(self, hotel):
        alice = make_user()

        made = book(hotel, reallocation.plan(property=hotel, stay=REQUESTED), actor=alice)

        moved = Event.objects.get(action=Event.Action.MOVED)
        assert moved.reservation.guest.name == "Late"
        assert moved.data["segments"][0][0]["room"] == "102"
        assert moved.data["segments"][1][0]["room"] == "101"
        assert (moved.reason_code, moved.reason) == ("make_room", made.reference)
        assert moved.reason_in_words == f"to make room for {made.reference}"
        assert (moved.actor, moved.act) == (alice, made.events.get().act)

    def test_what_moved_keeps_its_price(self, hotel):
        late = hotel.reservations.get(guest__name="Late")
        hotel.nightly_rate *= 2
        hotel.save()

        book(hotel, reallocation.plan(property=hotel, stay=REQUESTED))

        assert Reservation.objects.get(pk=late.pk).nightly_rates == late.nightly_rates

    def test_undo_takes_back_both(self, hotel):
        made = book(hotel, reallocation.plan(property=hotel, stay=REQUESTED))

        booking.undo(event=made.events.get(), actor=None)

        assert rooms(hotel) == {"Early": "101", "Late": "102"}

    def test_stays_that_exchange_rooms_do_not_meet_on_the_way(self, hotel):
        early, late = (hotel.reservations.get(guest__name=name) for name in ("Early", "Late"))
        other = make_stay(hotel, "101", 2, 4, guest="Other")
        one, two, three = early.unit, late.unit, hotel.units.create(name="103")
        exchange = (reallocation.Move(other, one, two), reallocation.Move(late, two, one))

        book(hotel, reallocation.Plan(segments=((three, REQUESTED),), moves=exchange))

        assert rooms(hotel) == {"Early": "101", "Late": "101", "Other": "102", "Marta Wójcik": "103"}

    def test_a_split_stay_is_booked_in_both_its_rooms(self, hotel):
        hotel.reservations.update(is_locked=True)

        made = book(hotel, reallocation.plan(property=hotel, stay=REQUESTED))

        assert made.rooms == "102 → 101"
        assert not Event.objects.filter(action=Event.Action.MOVED).exists()

    def test_a_double_click_books_and_moves_once(self, hotel):
        found = reallocation.plan(property=hotel, stay=REQUESTED)
        key = uuid.UUID("7b6c1d5e-6a2f-4f43-9f0e-0d6a3c1b2a11")

        first, second = book(hotel, found, request_key=key), book(hotel, found, request_key=key)

        assert first == second
        assert Event.objects.filter(action=Event.Action.MOVED).count() == 1


def _someone_takes_the_target(hotel, found):
    make_stay(hotel, "101", 2, 3, guest="Quick")


def _the_requested_room_is_taken(hotel, found):
    make_stay(hotel, "102", 0, 1, guest="Quick")


def _the_mover_is_promised_its_room(hotel, found):
    hotel.reservations.filter(guest__name="Late").update(is_locked=True)


def _the_mover_has_arrived(hotel, found):
    hotel.reservations.filter(guest__name="Late").update(status=Status.IN_HOUSE)


def _the_mover_has_other_dates(hotel, found):
    late = hotel.reservations.get(guest__name="Late")
    booking.move(reservation=late, stay=nights(2, 3), actor=None, pricing="keep")


def _the_mover_was_moved(hotel, found):
    late = hotel.reservations.get(guest__name="Late")
    booking.move(reservation=late, unit=hotel.units.get(name="101"), actor=None)


def _the_mover_is_cancelled(hotel, found):
    late = hotel.reservations.get(guest__name="Late")
    late.occupancies.all().delete()
    Reservation.objects.filter(pk=late.pk).update(status=Status.CANCELLED)


def _the_target_is_of_another_type_now(hotel, found):
    hotel.units.filter(name="101").update(room_type=make_room_type(hotel))


class TestPlanThatIsNotPossibleAnyMore:
    @pytest.mark.parametrize(
        "happens",
        [
            _someone_takes_the_target,
            _the_requested_room_is_taken,
            _the_mover_is_promised_its_room,
            _the_mover_has_arrived,
            _the_mover_has_other_dates,
            _the_mover_was_moved,
            _the_mover_is_cancelled,
            _the_target_is_of_another_type_now,
        ],
    )
    def test_it_is_refused_and_nobody_is_moved(self, hotel, happens):
        found = reallocation.plan(property=hotel, stay=REQUESTED)
        happens(hotel, found)
        before = rooms(hotel)

        with pytest.raises(PlanChanged):
            book(hotel, found)

        assert rooms(hotel) == before

    def test_it_is_refused_for_another_request(self, hotel):
        found = reallocation.plan(property=hotel, stay=REQUESTED)

        for other in ({"stay": nights(0, 3)}, {"unit": hotel.units.get(name="101")}):
            with pytest.raises(PlanChanged):
                book(hotel, found, **other)

    def test_it_is_refused_for_a_party_that_the_room_does_not_sleep(self, hotel):
        double = make_room_type(hotel, sleeps=2)
        hotel.units.update(room_type=double)
        found = reallocation.plan(property=hotel, stay=REQUESTED)
        suite = make_room_type(hotel, "Suite", sleeps=4)
        hotel.units.create(name="201", room_type=suite)

        with pytest.raises(PlanChanged):
            book(hotel, found, party_size=4)

    @pytest.mark.parametrize("text", ["nonsense", "999999@2027-05-03/2027-05-07"])
    def test_a_text_that_is_no_plan_of_this_property_is_refused(self, hotel, text):
        with pytest.raises(PlanChanged):
            make_booking(property=hotel, moves=text, stay=REQUESTED, guest_name="X", party_size=1, actor=None)

    @pytest.mark.parametrize("movers", [["Late", "Late"], ["Late", None]], ids=["twice", "unknown"])
    def test_a_plan_that_moves_a_stay_twice_or_one_that_is_not_there_is_refused(self, hotel, movers):
        first, second = (hotel.units.get(name=name).pk for name in ("101", "102"))
        keys = {"Late": hotel.reservations.get(guest__name="Late").pk, None: 999999999}
        moves = [f"{keys[mover]}:{second}>{first}@2027-05-05/2027-05-07" for mover in movers]
        text = ";".join([f"{second}@2027-05-03/2027-05-07", *moves])

        with pytest.raises(PlanChanged, match="Nobody was moved and nothing was booked"):
            make_booking(property=hotel, moves=text, stay=REQUESTED, guest_name="X", party_size=1, actor=None)

        assert rooms(hotel) == {"Early": "101", "Late": "102"}

    def test_a_plan_that_would_put_two_into_one_room_is_refused(self, hotel):
        room = hotel.units.get(name="101").pk
        early, late = (hotel.reservations.get(guest__name=name) for name in ("Early", "Late"))
        text = f"{room}@2027-05-03/2027-05-07;{late.pk}:{late.unit.pk}>{room}@2027-05-05/2027-05-07"

        with pytest.raises(DomainError):
            make_booking(property=hotel, moves=text, stay=REQUESTED, guest_name="X", party_size=1, actor=None)

        assert rooms(hotel) == {"Early": "101", "Late": "102"}
        assert early.unit.pk == room
