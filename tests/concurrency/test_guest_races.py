"""Profiles that are merged by two people at once, in every direction, while somebody books for them; and groups."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from reservations import booking, guests
from reservations.booking import lifecycle
from reservations.models import Event, Guest, Reservation, Status
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.test_booking_races import deadlocks
from tests.concurrency.waiting import overtaken_by
from tests.factories import ARRIVAL, make_booking, make_change, make_guest, make_hotel, make_reservation

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def outcome(answer):
    return "done" if isinstance(answer, Guest) else type(answer).__name__


def make_guests_with_stays(count):
    """Each with two stays, made in turn, so that their keys interleave."""
    people, hotel = [make_guest(f"Guest {n}") for n in range(count)], make_hotel([])
    for guest in people * 2:
        make_reservation(hotel, guest=guest)
    return people


def test_two_profiles_merged_into_each_other_become_one():
    before = deadlocks()

    for _ in range(ROUNDS):
        pair = make_guests_with_stays(2)
        answers = at_once(4, lambda n, pair=pair: guests.merge(keep=pair[n % 2], duplicate=pair[1 - n % 2], actor=None))

        assert Counter(map(outcome, answers)) == {"done": 1, "AlreadyMerged": 3}
        [unmerged] = Guest.objects.not_merged().filter(pk__in=[guest.pk for guest in pair])
        assert unmerged.reservations.count() == 4

    assert deadlocks() == before


def test_a_ring_of_merges_ends_without_a_cycle():
    before = deadlocks()

    for _ in range(ROUNDS):
        ring = make_guests_with_stays(3)
        at_once(3, lambda n, ring=ring: guests.merge(keep=ring[n], duplicate=ring[(n + 1) % 3], actor=None))

        unmerged = Guest.objects.not_merged().filter(pk__in=[guest.pk for guest in ring])
        surviving = {
            guests.surviving_profile(guest) for guest in Guest.objects.filter(pk__in=[guest.pk for guest in ring])
        }
        assert surviving == set(unmerged)
        assert sum(guest.reservations.count() for guest in unmerged) == 6

    assert deadlocks() == before


def test_renaming_merging_and_taking_back_queue_up():
    before = deadlocks()
    keep, duplicate = make_guests_with_stays(2)

    def act(n):
        if n % 3 == 0:
            return guests.save_guest(guest=keep, name=f"Renamed {n}", actor=None)
        if n % 3 == 1:
            return guests.merge(keep=keep, duplicate=duplicate, actor=None)
        return guests.unmerge(duplicate=Guest.objects.get(pk=duplicate.pk), actor=None)

    answers = Counter(map(outcome, at_once(12, act)))

    assert answers.keys() <= {"done", "AlreadyMerged", "NotMerged"}
    assert deadlocks() == before
    merged = Guest.objects.get(pk=duplicate.pk).merged_into_id is not None
    assert Reservation.objects.filter(guest=keep).count() == (4 if merged else 2)
    moves = Event.objects.filter(action__in=["merged", "undone"]).count()
    assert moves % 4 == (2 if merged else 0)


def test_a_booking_for_someone_who_is_being_merged_waits_and_goes_to_the_kept_one():
    keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
    fields = {"stay": Stay.of_nights(ARRIVAL, 2), "party_size": 1, "actor": None}
    hotel = make_hotel()

    with overtaken_by(lambda: make_booking(property=hotel, guest=duplicate, **fields)) as booked:
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

    assert booked[0].guest == keep
    assert not duplicate.reservations.exists()


def test_a_merge_waits_for_a_booking_under_way_and_takes_it_along():
    keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
    fields = {"stay": Stay.of_nights(ARRIVAL, 2), "party_size": 1, "actor": None}
    hotel = make_hotel()

    with overtaken_by(lambda: guests.merge(keep=keep, duplicate=duplicate, actor=None)) as merged:
        reservation = make_booking(property=hotel, guest=duplicate, **fields)

    assert merged == [keep]
    reservation.refresh_from_db()
    assert reservation.guest == keep


def test_an_undo_of_a_renaming_queues_behind_another_renaming():
    before, stay = deadlocks(), make_reservation(guest="Old Name")
    guests.save_guest(guest=stay.guest, name="New Name", actor=None)
    renamed = stay.events.get()

    with overtaken_by(
        lambda: booking.undo(event=renamed, actor=None), after=lambda: guests.lock_profiles(stay.guest_id)
    ) as late:
        guests.save_guest(guest=stay.guest, name="Third Name", actor=None)

    assert isinstance(late[0], booking.CannotUndo)
    assert Guest.objects.get().name == "Third Name"
    assert deadlocks() == before


def test_an_undo_gives_a_stay_back_to_the_profile_that_is_kept_of_two():
    keep, duplicate, other = make_guest("Amara Okafor"), make_guest("A. Okafor"), make_guest("Somebody Else")
    stay = make_reservation(guest=duplicate)
    make_change(reservation=stay, stay=stay.stay, guest_name=other.name, guest=other, party_size=2, actor=None)
    changed = stay.events.get()

    with overtaken_by(lambda: booking.undo(event=changed, actor=None)):
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

    stay.refresh_from_db()
    assert stay.guest == keep


def test_a_step_of_a_stay_that_is_given_to_another_guest_meanwhile_is_taken_for_that_guest():
    """PostgreSQL drops a row from a join when it has changed the joined key while it was waited for."""
    keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
    stay = make_reservation(guest=duplicate)

    with overtaken_by(lambda: lifecycle.cancel(reservation=stay, actor=None)) as cancelled:
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

    assert (cancelled[0].status, cancelled[0].guest) == (Status.CANCELLED, keep)
    assert [event.action for event in stay.events.order_by("pk")] == ["merged", "cancelled"]


def test_a_lapsed_hold_that_is_given_to_another_guest_meanwhile_expires():
    keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
    hold = make_reservation(
        guest=duplicate, status=Status.HELD, hold_expires_at=timezone.now() - dt.timedelta(minutes=5)
    )

    with overtaken_by(lifecycle.expire_lapsed) as expired:
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

    hold.refresh_from_db()
    assert (expired, hold.status, hold.guest) == ([1], Status.EXPIRED, keep)


def test_groups_that_do_not_fit_together_are_booked_whole_or_not_at_all():
    before = deadlocks()
    hotel = make_hotel([str(n) for n in range(7)])

    def act(n):
        fields = {"stay": Stay.of_nights(ARRIVAL, 3), "booker_name": f"Group {n}", "actor": None}
        return booking.book_group(property=hotel, rooms=[(None, 3, 2)], **fields)

    answers = Counter(type(answer).__name__ for answer in at_once(12, act))

    assert answers == {"Group": 2, "TooFewRooms": 10}
    assert Reservation.objects.count() == 6
    assert deadlocks() == before
