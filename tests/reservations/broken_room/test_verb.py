"""A room that is closed although guests have nights there: each gets another room, as one act with one undo."""

import datetime as dt

import pytest

from config import clock
from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Closure, Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import make_apartment, make_hotel, make_reservation, make_room_type, make_user

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


class Hotel:
    """Four rooms. In 101 Sofia sleeps since yesterday for three nights more; Bob comes in a week for three nights."""

    def __init__(self):
        self.property = make_hotel(["101", "102", "103", "104"])
        self.one, self.two, self.three, self.four = self.property.units.order_by("position")
        self.today = self.property.today()
        self.sofia = make_reservation(
            unit=self.one, arrival=self.today - DAY, nights=4, guest="Sofia Marques", status=Status.IN_HOUSE
        )
        self.bob = make_reservation(unit=self.one, arrival=self.today + 7 * DAY, guest="Bob Lindqvist")
        self.forever = Stay.until_further_notice(self.today)

    def close(self, rooms, *, actor, stay=None, **more):
        more = {"kind": "out_of_order", "note": "The boiler"} | more
        rooms = {each.pk: unit for each, unit in rooms.items()}
        return self.close_all(rooms, actor=actor, stay=stay, **more)[0]

    def close_all(self, rooms, *, actor, stay=None, kind="out_of_order", **more):
        stay = stay or self.forever
        return booking.close_and_move(unit=self.one, stay=stay, kind=kind, rooms=rooms, actor=actor, **more)


@pytest.fixture
def hotel(db):
    return Hotel()


def nights_of(reservation):
    """[(room, first night, departure)] of each segment, counted in days from today."""
    today = reservation.property.today()
    rows = Reservation.objects.with_unit().get(pk=reservation.pk).segments
    return [(row.unit.name, (row.arrival - today).days, (row.departure - today).days) for row in rows]


def everything():
    """All rows of the calendar, and what is agreed."""
    taken = Occupancy.objects.order_by("unit", "arrival").values_list("unit", "reservation", "arrival", "departure")
    agreed = ("status", "arrival", "departure", "nightly_rates", "room_type")
    return list(taken), list(Reservation.objects.order_by("pk").values_list(*agreed))


def test_guests_in_house_move_tonight_and_others_with_all_their_nights(hotel, alice):
    closure = hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)

    assert nights_of(hotel.sofia) == [("101", -1, 0), ("102", 0, 3)]
    assert nights_of(hotel.bob) == [("103", 7, 10)]
    assert (closure.unit, closure.stay, closure.note) == (hotel.one, hotel.forever, "The boiler")
    assert hotel.one.occupancies.filter(closure=closure).exists()


def test_the_price_is_kept_also_in_a_better_room(hotel, alice):
    suite = make_room_type(hotel.property, "Suite", nightly_rate=500)
    hotel.property.units.filter(name="102").update(room_type=suite)
    before = hotel.sofia.nightly_rates, hotel.sofia.room_type

    hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)

    hotel.sofia.refresh_from_db()
    assert (hotel.sofia.nightly_rates, hotel.sofia.room_type) == before


def test_it_is_one_act_and_one_undo_brings_all_back(hotel, alice):
    before = everything()
    closure = hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)
    assert Event.objects.filter(act=closure.new_event.act).count() == 3

    undone = booking.undo(event=closure.new_event, actor=alice)

    assert everything() == before
    assert undone[0] == closure
    assert set(undone[1:]) == {hotel.sofia, hotel.bob}
    closure.refresh_from_db()
    assert closure.reopened_at


def test_the_undo_can_be_undone(hotel, alice):
    closure = hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)
    done = everything()
    undone = booking.undo(event=closure.new_event, actor=alice)

    booking.undo(event=undone[0].new_event, actor=alice)

    assert everything() == done
    closure.refresh_from_db()
    assert closure.reopened_at is None


def test_it_is_undone_from_the_history_of_a_guest_too(hotel, alice):
    before = everything()
    hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)
    moved = hotel.bob.events.get()
    assert moved.reason_in_words == "because room 101 is closed"

    offer = booking.undo_offers([moved], alice)[moved.act]
    undone = booking.undo(event=moved, actor=alice, version=2)

    assert (offer.why_not, offer.together, offer.closure) == ("", 2, Closure.objects.get())
    assert undone[0] == hotel.bob
    assert everything() == before
    assert hotel.bob.events.first().in_words == "Taken back: moved"


def test_it_cannot_be_undone_when_a_room_is_taken_meanwhile(hotel, alice):
    closure = hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)
    booking.reopen(closure=closure, actor=alice)
    make_reservation(unit=hotel.one, arrival=hotel.today + 8 * DAY, guest="Newcomer")
    done = everything()

    with pytest.raises(booking.CannotUndo):
        booking.undo(event=hotel.bob.events.get(), actor=alice)

    assert everything() == done
    assert booking.undo_offers([closure.events.last()], alice)[closure.events.last().act].why_not


def test_a_guest_in_house_stays_until_the_first_closed_night(hotel, alice):
    hotel.close({hotel.sofia: hotel.two}, stay=Stay.of_nights(hotel.today + DAY, 3), actor=alice)

    assert nights_of(hotel.sofia) == [("101", -1, 1), ("102", 1, 3)]
    assert nights_of(hotel.bob) == [("101", 7, 10)]


def test_of_a_guest_who_is_late_the_nights_that_are_past_stay_where_they_were(hotel, alice):
    late = make_reservation(unit=hotel.four, arrival=hotel.today - DAY, guest="Late Comer")
    make_reservation(unit=hotel.three, arrival=hotel.today - DAY, nights=1)

    booking.close_and_move(
        unit=hotel.four, stay=hotel.forever, kind="out_of_order", rooms={late.pk: hotel.three}, actor=alice
    )

    assert nights_of(late) == [("104", -1, 0), ("103", 0, 2)]


def test_of_a_stay_in_several_rooms_only_the_part_in_this_one_moves(hotel, alice):
    booking.split(reservation=hotel.bob, night=hotel.today + 8 * DAY, unit=hotel.four, actor=alice)

    hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)

    assert nights_of(hotel.bob) == [("103", 7, 8), ("104", 8, 10)]


def test_a_party_whose_last_night_here_is_over_stays_as_it_is(hotel, alice):
    booking.move(reservation=hotel.sofia, unit=hotel.two, actor=alice)

    hotel.close({hotel.bob: hotel.three}, actor=alice)

    assert nights_of(hotel.sofia) == [("101", -1, 0), ("102", 0, 3)]


def test_a_hold_moves_and_ends_when_it_would_have(hotel, alice):
    ends = clock.now() + dt.timedelta(hours=3)
    hold = make_reservation(
        unit=hotel.one, arrival=hotel.today + 20 * DAY, status=Status.HELD, hold_expires_at=ends, guest="Hana Sato"
    )

    hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three, hold: hotel.four}, actor=alice)

    assert Occupancy.objects.get(reservation=hold).expires_at == ends
    assert nights_of(hold) == [("104", 20, 23)]


def test_a_lapsed_hold_needs_no_room(hotel, alice):
    lapsed = make_reservation(
        unit=hotel.one,
        arrival=hotel.today + 20 * DAY,
        status=Status.HELD,
        hold_expires_at=clock.now() - dt.timedelta(hours=1),
    )

    hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)

    lapsed.refresh_from_db()
    assert lapsed.status == Status.EXPIRED


def test_nights_kept_for_a_party_that_has_left_are_given_back(hotel, alice):
    lifecycle.check_out(reservation=hotel.sofia, actor=alice, free_tonight=False)
    gone = Reservation.objects.get(pk=hotel.sofia.pk)
    hotel.one.occupancies.filter(reservation=gone).update(nights=(hotel.today - DAY, hotel.today + 2 * DAY))
    Reservation.objects.filter(pk=gone.pk).update(departure=hotel.today + 2 * DAY, nightly_rates=[90] * 3)
    before = everything()

    closure = hotel.close({hotel.bob: hotel.three}, actor=alice)

    assert nights_of(gone) == [("101", -1, 0)]
    booking.undo(event=closure.new_event, actor=alice)
    assert everything() == before


def test_whoever_was_booked_meanwhile_is_named(hotel, alice):
    before = everything()

    with pytest.raises(booking.GuestsUnplaced) as refused:
        hotel.close({hotel.sofia: hotel.two}, actor=alice)

    assert refused.value.stays == [hotel.bob]
    assert "Bob Lindqvist" in refused.value.message
    assert everything() == before


def test_whoever_has_gone_meanwhile_is_left_alone(hotel, alice):
    lifecycle.cancel(reservation=hotel.bob, actor=alice)

    hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)

    assert nights_of(hotel.bob) == []
    assert hotel.bob.events.count() == 1


def test_a_taken_room_is_refused_and_nothing_is_changed(hotel, alice):
    make_reservation(unit=hotel.two, arrival=hotel.today + DAY, guest="Newcomer")
    before = everything()

    with pytest.raises(booking.DatesTaken, match="Newcomer"):
        hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)

    assert everything() == before
    assert not Closure.objects.exists()


def test_a_room_in_which_somebody_still_is_is_refused(hotel, alice):
    make_reservation(unit=hotel.two, arrival=hotel.today - 2 * DAY, nights=2, status=Status.IN_HOUSE, guest="Anna Over")

    with pytest.raises(booking.NotYet, match="Anna Over"):
        hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)


def test_a_room_that_is_too_small_is_refused(hotel, alice):
    single = make_room_type(hotel.property, "Single", sleeps=1)
    hotel.property.units.filter(name="102").update(room_type=single)

    with pytest.raises(booking.OutsideLimits):
        hotel.close({hotel.sofia: hotel.two, hotel.bob: hotel.three}, actor=alice)


def test_nobody_moves_into_the_closed_room(hotel, alice):
    with pytest.raises(booking.NotMovable):
        hotel.close({hotel.sofia: hotel.one, hotel.bob: hotel.three}, actor=alice)


def test_a_room_that_is_closed_already_says_by_whom(hotel, alice):
    nights = Stay.of_nights(hotel.today + 30 * DAY, 2)
    closed = booking.close(unit=hotel.one, stay=nights, kind="maintenance", actor=alice)

    with pytest.raises(booking.ClosedAlready) as refused:
        hotel.close({}, stay=nights, actor=make_user("bob"))

    assert refused.value.closure == closed
    assert refused.value.message.startswith("Room 101 was closed by Alice Moreau already: under maintenance")


def test_a_closure_by_nobody_is_named_without_a_name(hotel, alice):
    nights = Stay.of_nights(hotel.today + 30 * DAY, 2)
    booking.close(unit=hotel.one, stay=nights, kind="cleaning", actor=None)

    with pytest.raises(booking.ClosedAlready, match="Room 101 was closed already"):
        hotel.close({}, stay=nights, actor=alice)


def spans(closures, today):
    """[(first night, departure)] of each, counted in days from today."""
    return [((each.stay.arrival - today).days, (each.stay.departure - today).days) for each in closures]


def test_nights_on_which_it_is_closed_already_stay_and_the_others_are_closed(hotel, alice):
    for days in (4, 30, 50):
        nights = Stay.of_nights(hotel.today + days * DAY, 2)
        booking.close(unit=hotel.one, stay=nights, kind="maintenance", actor=alice)
    before = everything()

    closures = hotel.close_all(
        {hotel.sofia.pk: hotel.two, hotel.bob.pk: hotel.three}, stay=Stay.of_nights(hotel.today, 40), actor=alice
    )

    assert spans(closures, hotel.today) == [(0, 4), (6, 30), (32, 40)]
    assert (nights_of(hotel.sofia), nights_of(hotel.bob)) == ([("101", -1, 0), ("102", 0, 3)], [("103", 7, 10)])
    assert len({each.new_event.act for each in closures}) == 1
    undone = booking.undo(event=closures[1].new_event, actor=alice)
    assert everything() == before
    booking.undo(event=undone[0].new_event, actor=alice)
    assert Occupancy.objects.filter(closure__in=closures).count() == 3


def test_until_further_notice_goes_on_after_a_planned_closure(hotel, alice):
    planned = Stay.of_nights(hotel.today, 6)
    booking.move(reservation=hotel.sofia, unit=hotel.four, actor=alice)
    booking.close(unit=hotel.one, stay=planned, kind="maintenance", actor=alice)

    closures = hotel.close_all({hotel.bob.pk: hotel.three}, actor=alice)

    assert [each.stay for each in closures] == [Stay.until_further_notice(planned.departure)]
    assert nights_of(hotel.bob) == [("103", 7, 10)]


def test_nothing_is_closed_after_what_is_closed_until_further_notice(hotel, alice):
    starts = hotel.today + 20 * DAY
    theirs = booking.close(unit=hotel.one, stay=Stay.until_further_notice(starts), kind="maintenance", actor=alice)
    rooms = {hotel.sofia.pk: hotel.two, hotel.bob.pk: hotel.three}

    closures = hotel.close_all(rooms, actor=alice)

    assert [each.stay for each in closures] == [Stay(hotel.today, starts)]
    with pytest.raises(booking.ClosedAlready) as refused:
        hotel.close_all({}, stay=Stay.until_further_notice(starts + DAY), actor=alice)
    assert refused.value.closure == theirs


def test_a_guest_in_house_may_move_for_the_closed_night_only_and_come_back(hotel, alice):
    before = everything()

    [closure] = hotel.close_all(
        {hotel.sofia.pk: hotel.two},
        only_while_closed={hotel.sofia.pk},
        stay=Stay.of_nights(hotel.today, 1),
        actor=alice,
    )

    assert nights_of(hotel.sofia) == [("101", -1, 0), ("102", 0, 1), ("101", 1, 3)]
    assert nights_of(hotel.bob) == [("101", 7, 10)]
    booking.undo(event=closure.new_event, actor=alice)
    assert everything() == before


def test_a_coming_stay_may_move_for_the_closed_nights_only(hotel, alice):
    hotel.close_all(
        {hotel.bob.pk: hotel.two},
        only_while_closed={hotel.bob.pk},
        stay=Stay.of_nights(hotel.today + 8 * DAY, 1),
        actor=alice,
    )

    assert nights_of(hotel.bob) == [("101", 7, 8), ("102", 8, 9), ("101", 9, 10)]


def test_a_room_that_is_taken_on_a_closed_night_is_refused_for_that_night_too(hotel, alice):
    make_reservation(unit=hotel.two, arrival=hotel.today, nights=1, guest="Newcomer")
    before = everything()

    with pytest.raises(booking.DatesTaken, match="Newcomer"):
        hotel.close_all(
            {hotel.sofia.pk: hotel.two},
            only_while_closed={hotel.sofia.pk},
            stay=Stay.of_nights(hotel.today, 1),
            actor=alice,
        )

    assert everything() == before


def test_a_coming_stay_is_left_without_a_room_when_none_is_free(hotel, alice):
    for unit in (hotel.two, hotel.three, hotel.four):
        make_reservation(unit=unit, arrival=hotel.today + 7 * DAY, nights=1)
    before = everything()

    closure = hotel.close({hotel.sofia: hotel.two, hotel.bob: None}, actor=alice)

    assert nights_of(hotel.bob) == []
    assert Reservation.objects.get(pk=hotel.bob.pk).is_unassigned
    booking.undo(event=closure.new_event, actor=alice)
    assert everything() == before


def test_only_a_manager_leaves_a_stay_without_a_room_while_one_is_free(hotel, alice):
    rooms = {hotel.sofia: hotel.two, hotel.bob: None}
    with pytest.raises(booking.NotAllowed, match="Bob Lindqvist"):
        hotel.close(rooms, actor=alice)

    hotel.close(rooms, actor=make_user("boss", is_manager=True))

    assert nights_of(hotel.bob) == []


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


def test_nobody_in_house_is_left_without_a_room(hotel, alice):
    with pytest.raises(booking.NotMovable, match="close room 101 from"):
        hotel.close({hotel.sofia: None, hotel.bob: hotel.three}, actor=make_user("boss", is_manager=True))


def test_an_empty_room_is_closed(hotel, alice):
    booking.close_and_move(unit=hotel.four, stay=hotel.forever, kind="own_use", rooms={}, actor=alice)

    assert Closure.objects.get().is_until_further_notice


def test_what_is_past_is_not_closed(hotel, alice):
    with pytest.raises(booking.NotMovable, match="What is past cannot be closed any more"):
        hotel.close({hotel.sofia: hotel.two}, stay=Stay.of_nights(hotel.today - DAY, 2), actor=alice)
