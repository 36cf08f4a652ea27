"""Several people agree to plans, others book into them. Real threads, real connections."""

import datetime as dt
from collections import Counter

import pytest

from reservations.availability import reallocation
from reservations.models import Event, Reservation
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.test_booking_races import deadlocks
from tests.factories import ARRIVAL, make_booking, make_hotel, make_reservation

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8
ROUNDS = 8
REQUESTED = Stay.of_nights(ARRIVAL, 4)
SECOND_HALF = Stay.of_nights(ARRIVAL + dt.timedelta(days=2), 2)


def make_brickwork():
    """Two rooms, each taken for half of the requested nights: Late, in 102, has to go to 101."""
    hotel = make_hotel(rooms=("101", "102"))
    first, second = hotel.units.all()
    make_reservation(unit=first, nights=2, guest="Early")
    make_reservation(unit=second, arrival=SECOND_HALF.arrival, nights=2, guest="Late")
    return hotel


def agree(hotel, plan):
    return make_booking(
        property=hotel, stay=REQUESTED, guest_name="Agreed", party_size=1, actor=None, moves=plan.as_text()
    )


def outcome(answer):
    return answer.guest.name if isinstance(answer, Reservation) else type(answer).__name__


def test_one_of_many_who_agree_to_the_same_plan_gets_it():
    before = deadlocks()
    for _ in range(ROUNDS):
        hotel = make_brickwork()
        found = reallocation.plan(property=hotel, stay=REQUESTED)

        answers = Counter(map(outcome, at_once(CLIENTS, lambda _, hotel=hotel, found=found: agree(hotel, found))))

        assert answers == {"Agreed": 1, "PlanChanged": CLIENTS - 1}
        assert Event.objects.filter(action=Event.Action.MOVED, reservation__property=hotel).count() == 1
    assert deadlocks() == before


def test_a_plan_and_a_booking_into_its_target_do_not_both_succeed():
    before = deadlocks()
    for _ in range(ROUNDS):
        hotel = make_brickwork()
        target, found = hotel.units.get(name="101"), reallocation.plan(property=hotel, stay=REQUESTED)

        def act(number, hotel=hotel, target=target, found=found):
            if number % 2:
                return agree(hotel, found)
            return make_booking(
                property=hotel, unit=target, stay=SECOND_HALF, guest_name="Direct", party_size=1, actor=None
            )

        answers = Counter(map(outcome, at_once(CLIENTS, act)))

        assert answers["Agreed"] + answers["Direct"] == 1
        assert answers.keys() <= {"Agreed", "Direct", "PlanChanged", "DatesTaken"}
        late = Reservation.objects.with_unit().get(property=hotel, guest__name="Late")
        assert late.rooms == ("101" if answers["Agreed"] else "102")
    assert deadlocks() == before
