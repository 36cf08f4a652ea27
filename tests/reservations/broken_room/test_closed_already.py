"""A room with guests is closed for nights on some of which it is closed already."""

import pytest

from reservations import booking
from reservations.models import Occupancy
from reservations.stay import Stay
from tests.factories import make_user
from tests.reservations.broken_room.house import DAY, everything, nights_of

pytestmark = pytest.mark.django_db


def test_a_room_that_is_closed_already_says_by_whom(house, alice):
    nights = Stay.of_nights(house.today + 30 * DAY, 2)
    closed = booking.close(unit=house.one, stay=nights, kind="maintenance", actor=alice)

    with pytest.raises(booking.ClosedAlready) as refused:
        house.close({}, stay=nights, actor=make_user("bob"))

    assert refused.value.closure == closed
    assert refused.value.message.startswith("Room 101 was closed by Alice Moreau already: under maintenance")


def test_a_closure_by_nobody_is_named_without_a_name(house, alice):
    nights = Stay.of_nights(house.today + 30 * DAY, 2)
    booking.close(unit=house.one, stay=nights, kind="cleaning", actor=None)

    with pytest.raises(booking.ClosedAlready, match="Room 101 was closed already"):
        house.close({}, stay=nights, actor=alice)


def spans(closures, today):
    """[(first night, departure)] of each, counted in days from today."""
    return [((each.stay.arrival - today).days, (each.stay.departure - today).days) for each in closures]


def test_nights_on_which_it_is_closed_already_stay_and_the_others_are_closed(house, alice):
    for days in (4, 30, 50):
        nights = Stay.of_nights(house.today + days * DAY, 2)
        booking.close(unit=house.one, stay=nights, kind="maintenance", actor=alice)
    before = everything()

    closures = house.close_all(
        {house.sofia.pk: house.two, house.bob.pk: house.three}, stay=Stay.of_nights(house.today, 40), actor=alice
    )

    assert spans(closures, house.today) == [(0, 4), (6, 30), (32, 40)]
    assert (nights_of(house.sofia), nights_of(house.bob)) == ([("101", -1, 0), ("102", 0, 3)], [("103", 7, 10)])
    assert len({each.new_event.act for each in closures}) == 1
    undone = booking.undo(event=closures[1].new_event, actor=alice)
    assert everything() == before
    booking.undo(event=undone[0].new_event, actor=alice)
    assert Occupancy.objects.filter(closure__in=closures).count() == 3


def test_until_further_notice_goes_on_after_a_planned_closure(house, alice):
    planned = Stay.of_nights(house.today, 6)
    booking.move(reservation=house.sofia, unit=house.four, actor=alice)
    booking.close(unit=house.one, stay=planned, kind="maintenance", actor=alice)

    closures = house.close_all({house.bob.pk: house.three}, actor=alice)

    assert [each.stay for each in closures] == [Stay.until_further_notice(planned.departure)]
    assert nights_of(house.bob) == [("103", 7, 10)]


def test_nothing_is_closed_after_what_is_closed_until_further_notice(house, alice):
    starts = house.today + 20 * DAY
    theirs = booking.close(unit=house.one, stay=Stay.until_further_notice(starts), kind="maintenance", actor=alice)
    rooms = {house.sofia.pk: house.two, house.bob.pk: house.three}

    closures = house.close_all(rooms, actor=alice)

    assert [each.stay for each in closures] == [Stay(house.today, starts)]
    with pytest.raises(booking.ClosedAlready) as refused:
        house.close_all({}, stay=Stay.until_further_notice(starts + DAY), actor=alice)
    assert refused.value.closure == theirs
