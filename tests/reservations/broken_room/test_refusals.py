"""What is refused when a room with guests is closed; then nobody has moved and nothing is closed."""

import pytest

from reservations import booking
from reservations.models import Closure, Status
from reservations.stay import Stay
from tests.factories import make_reservation, make_room_type, make_user
from tests.reservations.broken_room.house import DAY, everything, nights_of

pytestmark = pytest.mark.django_db


def test_whoever_was_booked_meanwhile_is_named(house, alice):
    before = everything()

    with pytest.raises(booking.GuestsUnplaced) as refused:
        house.close({house.sofia: house.two}, actor=alice)

    assert refused.value.stays == [house.bob]
    assert "Bob Lindqvist" in refused.value.message
    assert everything() == before


def test_a_taken_room_is_refused_and_nothing_is_changed(house, alice):
    make_reservation(unit=house.two, arrival=house.today + DAY, guest="Newcomer")
    before = everything()

    with pytest.raises(booking.DatesTaken, match="Newcomer"):
        house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)

    assert everything() == before
    assert not Closure.objects.exists()


def test_a_room_in_which_somebody_still_is_is_refused(house, alice):
    make_reservation(unit=house.two, arrival=house.today - 2 * DAY, nights=2, status=Status.IN_HOUSE, guest="Anna Over")

    with pytest.raises(booking.NotYet, match="Anna Over"):
        house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)


def test_a_room_that_is_too_small_is_refused(house, alice):
    single = make_room_type(house.property, "Single", sleeps=1)
    house.property.units.filter(name="102").update(room_type=single)

    with pytest.raises(booking.OutsideLimits):
        house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)


def test_nobody_moves_into_the_closed_room(house, alice):
    with pytest.raises(booking.NotMovable):
        house.close({house.sofia: house.one, house.bob: house.three}, actor=alice)


def test_a_room_that_is_taken_on_a_closed_night_is_refused_for_that_night_too(house, alice):
    make_reservation(unit=house.two, arrival=house.today, nights=1, guest="Newcomer")
    before = everything()

    with pytest.raises(booking.DatesTaken, match="Newcomer"):
        house.close_all(
            {house.sofia.pk: house.two},
            only_while_closed={house.sofia.pk},
            stay=Stay.of_nights(house.today, 1),
            actor=alice,
        )

    assert everything() == before


def test_only_a_manager_leaves_a_stay_without_a_room_while_one_is_free(house, alice):
    rooms = {house.sofia: house.two, house.bob: None}
    with pytest.raises(booking.NotAllowed, match="Bob Lindqvist"):
        house.close(rooms, actor=alice)

    house.close(rooms, actor=make_user("boss", role="manager"))

    assert nights_of(house.bob) == []


def test_nobody_in_house_is_left_without_a_room(house, alice):
    with pytest.raises(booking.NotMovable, match="close room 101 from"):
        house.close({house.sofia: None, house.bob: house.three}, actor=make_user("boss", role="manager"))


def test_what_is_past_is_not_closed(house, alice):
    with pytest.raises(booking.NotMovable, match="What is past cannot be closed any more"):
        house.close({house.sofia: house.two}, stay=Stay.of_nights(house.today - DAY, 2), actor=alice)
