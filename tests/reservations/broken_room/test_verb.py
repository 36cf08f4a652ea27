"""A room that is closed although guests have nights there: each gets another room, as one act with one undo."""

import datetime as dt

import pytest

from config import clock
from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Closure, Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import make_apartment, make_reservation, make_room_type
from tests.reservations.broken_room.house import DAY, everything, nights_of

pytestmark = pytest.mark.django_db


def test_guests_in_house_move_tonight_and_others_with_all_their_nights(house, alice):
    closure = house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)

    assert nights_of(house.sofia) == [("101", -1, 0), ("102", 0, 3)]
    assert nights_of(house.bob) == [("103", 7, 10)]
    assert (closure.unit, closure.stay, closure.note) == (house.one, house.forever, "The boiler")
    assert house.one.occupancies.filter(closure=closure).exists()


def test_the_price_is_kept_also_in_a_better_room(house, alice):
    suite = make_room_type(house.property, "Suite", nightly_rate=500)
    house.property.units.filter(name="102").update(room_type=suite)
    before = house.sofia.nightly_rates, house.sofia.room_type

    house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)

    house.sofia.refresh_from_db()
    assert (house.sofia.nightly_rates, house.sofia.room_type) == before


def test_it_is_one_act_and_one_undo_brings_all_back(house, alice):
    before = everything()
    closure = house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)
    assert Event.objects.filter(act=closure.new_event.act).count() == 3

    undone = booking.undo(event=closure.new_event, actor=alice)

    assert everything() == before
    assert undone[0] == closure
    assert set(undone[1:]) == {house.sofia, house.bob}
    closure.refresh_from_db()
    assert closure.reopened_at


def test_the_undo_can_be_undone(house, alice):
    closure = house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)
    done = everything()
    undone = booking.undo(event=closure.new_event, actor=alice)

    booking.undo(event=undone[0].new_event, actor=alice)

    assert everything() == done
    closure.refresh_from_db()
    assert closure.reopened_at is None


def test_it_is_undone_from_the_history_of_a_guest_too(house, alice):
    before = everything()
    house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)
    moved = house.bob.events.get()
    assert moved.reason_in_words == "because room 101 is closed"

    offer = booking.undo_offers([moved], alice)[moved.act]
    undone = booking.undo(event=moved, actor=alice, version=2)

    assert (offer.why_not, offer.together, offer.closure) == ("", 2, Closure.objects.get())
    assert undone[0] == house.bob
    assert everything() == before
    assert house.bob.events.first().in_words == "Taken back: moved"


def test_it_cannot_be_undone_when_a_room_is_taken_meanwhile(house, alice):
    closure = house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)
    booking.reopen(closure=closure, actor=alice)
    make_reservation(unit=house.one, arrival=house.today + 8 * DAY, guest="Newcomer")
    done = everything()

    with pytest.raises(booking.CannotUndo):
        booking.undo(event=house.bob.events.get(), actor=alice)

    assert everything() == done
    assert booking.undo_offers([closure.events.last()], alice)[closure.events.last().act].why_not


def test_a_guest_in_house_stays_until_the_first_closed_night(house, alice):
    house.close({house.sofia: house.two}, stay=Stay.of_nights(house.today + DAY, 3), actor=alice)

    assert nights_of(house.sofia) == [("101", -1, 1), ("102", 1, 3)]
    assert nights_of(house.bob) == [("101", 7, 10)]


def test_of_a_guest_who_is_late_the_nights_that_are_past_stay_where_they_were(house, alice):
    late = make_reservation(unit=house.four, arrival=house.today - DAY, guest="Late Comer")
    make_reservation(unit=house.three, arrival=house.today - DAY, nights=1)

    booking.close_and_move(
        unit=house.four, stay=house.forever, kind="out_of_order", rooms={late.pk: house.three}, actor=alice
    )

    assert nights_of(late) == [("104", -1, 0), ("103", 0, 2)]


def test_of_a_stay_in_several_rooms_only_the_part_in_this_one_moves(house, alice):
    booking.split(reservation=house.bob, night=house.today + 8 * DAY, unit=house.four, actor=alice)

    house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)

    assert nights_of(house.bob) == [("103", 7, 8), ("104", 8, 10)]


def test_a_party_whose_last_night_here_is_over_stays_as_it_is(house, alice):
    booking.move(reservation=house.sofia, unit=house.two, actor=alice)

    house.close({house.bob: house.three}, actor=alice)

    assert nights_of(house.sofia) == [("101", -1, 0), ("102", 0, 3)]


def test_a_hold_moves_and_ends_when_it_would_have(house, alice):
    ends = clock.now() + dt.timedelta(hours=3)
    hold = make_reservation(
        unit=house.one, arrival=house.today + 20 * DAY, status=Status.HELD, hold_expires_at=ends, guest="Hana Sato"
    )

    house.close({house.sofia: house.two, house.bob: house.three, hold: house.four}, actor=alice)

    assert Occupancy.objects.get(reservation=hold).expires_at == ends
    assert nights_of(hold) == [("104", 20, 23)]


def test_a_lapsed_hold_needs_no_room(house, alice):
    lapsed = make_reservation(
        unit=house.one,
        arrival=house.today + 20 * DAY,
        status=Status.HELD,
        hold_expires_at=clock.now() - dt.timedelta(hours=1),
    )

    house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)

    lapsed.refresh_from_db()
    assert lapsed.status == Status.EXPIRED


def test_nights_kept_for_a_party_that_has_left_are_given_back(house, alice):
    lifecycle.check_out(reservation=house.sofia, actor=alice, free_tonight=False)
    gone = Reservation.objects.get(pk=house.sofia.pk)
    house.one.occupancies.filter(reservation=gone).update(nights=(house.today - DAY, house.today + 2 * DAY))
    Reservation.objects.filter(pk=gone.pk).update(departure=house.today + 2 * DAY, nightly_rates=[90] * 3)
    before = everything()

    closure = house.close({house.bob: house.three}, actor=alice)

    assert nights_of(gone) == [("101", -1, 0)]
    booking.undo(event=closure.new_event, actor=alice)
    assert everything() == before


def test_whoever_has_gone_meanwhile_is_left_alone(house, alice):
    lifecycle.cancel(reservation=house.bob, actor=alice)

    house.close({house.sofia: house.two, house.bob: house.three}, actor=alice)

    assert nights_of(house.bob) == []
    assert house.bob.events.count() == 1


def test_a_guest_in_house_may_move_for_the_closed_night_only_and_come_back(house, alice):
    before = everything()

    [closure] = house.close_all(
        {house.sofia.pk: house.two},
        only_while_closed={house.sofia.pk},
        stay=Stay.of_nights(house.today, 1),
        actor=alice,
    )

    assert nights_of(house.sofia) == [("101", -1, 0), ("102", 0, 1), ("101", 1, 3)]
    assert nights_of(house.bob) == [("101", 7, 10)]
    booking.undo(event=closure.new_event, actor=alice)
    assert everything() == before


def test_a_coming_stay_may_move_for_the_closed_nights_only(house, alice):
    house.close_all(
        {house.bob.pk: house.two},
        only_while_closed={house.bob.pk},
        stay=Stay.of_nights(house.today + 8 * DAY, 1),
        actor=alice,
    )

    assert nights_of(house.bob) == [("101", 7, 8), ("102", 8, 9), ("101", 9, 10)]


def test_a_coming_stay_is_left_without_a_room_when_none_is_free(house, alice):
    for unit in (house.two, house.three, house.four):
        make_reservation(unit=unit, arrival=house.today + 7 * DAY, nights=1)
    before = everything()

    closure = house.close({house.sofia: house.two, house.bob: None}, actor=alice)

    assert nights_of(house.bob) == []
    assert Reservation.objects.get(pk=house.bob.pk).is_unassigned
    booking.undo(event=closure.new_event, actor=alice)
    assert everything() == before


def test_an_apartment_leaves_its_coming_guests_without_one(alice):
    flat = make_apartment()
    stay = make_reservation(flat, arrival=flat.today() + DAY)

    booking.close_and_move(
        unit=flat.units.get(),
        stay=Stay.of_nights(flat.today(), 7),
        kind="out_of_order",
        rooms={stay.pk: None},
        actor=alice,
    )

    assert nights_of(stay) == []
    assert stay.events.get().reason == flat.name


def test_an_empty_room_is_closed(house, alice):
    booking.close_and_move(unit=house.four, stay=house.forever, kind="own_use", rooms={}, actor=alice)

    assert Closure.objects.get().is_until_further_notice
