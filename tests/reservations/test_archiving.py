import datetime as dt

import pytest
import time_machine

from properties.inventory import Archived, NotForApartments
from properties.models import Property, Unit
from reservations.booking import NotBookable, archiving
from reservations.booking.archiving import HasFutureReservations, NameTakenMeanwhile
from reservations.models import Reservation, Status
from reservations.stay import Stay
from tests.concurrency.waiting import overtaken_by
from tests.factories import give_role, make_apartment, make_booking, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(database_clock):
    database_clock.stop_at(NOON)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def alice(alice):
    """Only managers take rooms out of use."""
    give_role(alice)
    return alice


class TestProperty:
    def test_an_unused_one_is_archived_by_someone_now(self, alice):
        flat = make_apartment()

        archiving.archive_property(property=flat, actor=alice)

        flat.refresh_from_db()
        assert (flat.archived_at.replace(second=0, microsecond=0), flat.archived_by) == (NOON, alice)

    @pytest.mark.parametrize("arrival", [TODAY - dt.timedelta(days=2), TODAY, TODAY + dt.timedelta(days=300)])
    def test_one_where_somebody_is_or_will_be_is_not(self, alice, arrival):
        flat = make_apartment()
        make_reservation(flat, arrival=arrival, nights=3)

        with pytest.raises(HasFutureReservations):
            archiving.archive_property(property=flat, actor=alice)

        flat.refresh_from_db()
        assert flat.archived_at is None

    def test_a_departure_today_is_no_night_any_more(self, alice):
        flat = make_apartment()
        make_reservation(flat, arrival=TODAY - dt.timedelta(days=3), nights=3)

        assert archiving.archive_property(property=flat, actor=alice).archived_at

    @pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.EXPIRED])
    def test_what_blocks_no_nights_is_in_nobodys_way(self, alice, status):
        flat = make_apartment()
        make_reservation(flat, arrival=TODAY, status=status)

        assert archiving.archive_property(property=flat, actor=alice).archived_at

    def test_a_party_without_a_room_counts_too(self, alice):
        hotel = make_hotel([])
        make_reservation(hotel, arrival=TODAY)

        with pytest.raises(HasFutureReservations):
            archiving.archive_property(property=hotel, actor=alice)

    @pytest.mark.parametrize(
        ("time_zone", "is_over"), [("Pacific/Kiritimati", True), ("Europe/Lisbon", False), ("Pacific/Pago_Pago", False)]
    )
    def test_today_is_the_propertys_own(self, alice, time_zone, is_over):
        flat = make_apartment(time_zone=time_zone)
        make_reservation(flat, arrival=TODAY, nights=1)  # until the 21st, which has begun on Kiritimati only

        if is_over:
            assert archiving.archive_property(property=flat, actor=alice).archived_at
        else:
            with pytest.raises(HasFutureReservations):
                archiving.archive_property(property=flat, actor=alice)

    def test_the_refusal_names_who_and_what_to_do(self, alice):
        flat = make_apartment("Garden Flat")
        stay = make_reservation(flat, arrival=TODAY, nights=4, guest="Amara Okafor", reference="RT-7K3QX")

        with pytest.raises(HasFutureReservations) as refused:
            archiving.archive_property(property=flat, actor=alice)

        assert refused.value.message == (
            "Garden Flat is still taken by RT-7K3QX (Amara Okafor, 20–24 Nov). Move or cancel it first."
        )
        assert refused.value.reservations == [stay]

    def test_the_refusal_names_three_and_counts_the_others(self, alice):
        flat = make_apartment()
        for week in range(7):
            make_reservation(flat, arrival=TODAY + dt.timedelta(weeks=week))

        with pytest.raises(HasFutureReservations) as refused:
            archiving.archive_property(property=flat, actor=alice)

        assert refused.value.message.count("RT-") == 3
        assert "and 4 more. Move or cancel them first." in refused.value.message
        assert len(refused.value.reservations) == 7

    def test_archiving_twice_keeps_the_first_time(self, alice, database_clock):
        flat = make_apartment()
        archiving.archive_property(property=flat, actor=alice)

        database_clock.shift(dt.timedelta(days=1))
        with time_machine.travel(NOON + dt.timedelta(days=1)):
            archiving.archive_property(property=flat, actor=None)

        flat.refresh_from_db()
        assert (flat.archived_at.replace(second=0, microsecond=0), flat.archived_by) == (NOON, alice)

    def test_it_comes_back(self, alice):
        flat = make_apartment()
        archiving.archive_property(property=flat, actor=alice)

        archiving.unarchive_property(property=flat, actor=alice)

        flat.refresh_from_db()
        assert (flat.archived_at, flat.archived_by) == (None, None)

    def test_it_does_not_come_back_under_a_name_that_was_given_away(self, alice):
        flat = make_apartment("Garden Flat")
        archiving.archive_property(property=flat, actor=alice)
        make_apartment("garden flat")

        with pytest.raises(NameTakenMeanwhile, match="Another property is called Garden Flat now"):
            archiving.unarchive_property(property=flat, actor=alice)


class TestRoom:
    def test_archiving_twice_keeps_the_first_time(self, alice, database_clock):
        room = make_hotel(["101", "102"]).units.first()
        archiving.archive_room(unit=room, actor=alice)

        database_clock.shift(dt.timedelta(days=1))
        with time_machine.travel(NOON + dt.timedelta(days=1)):
            archiving.archive_room(unit=room, actor=None)

        room.refresh_from_db()
        assert (room.archived_at.replace(second=0, microsecond=0), room.archived_by) == (NOON, alice)

    def test_only_its_own_stays_are_in_the_way(self, alice):
        hotel = make_hotel(["101", "102"])
        first, second = hotel.units.all()
        make_reservation(unit=first, arrival=TODAY)

        archiving.archive_room(unit=second, actor=alice)
        with pytest.raises(HasFutureReservations, match="Room 101 is still taken by"):
            archiving.archive_room(unit=first, actor=alice)

        assert list(hotel.units.active()) == [first]

    def test_an_apartments_unit_goes_only_with_the_apartment(self, alice):
        unit = make_apartment().units.get()

        with pytest.raises(NotForApartments):
            archiving.archive_room(unit=unit, actor=alice)
        with pytest.raises(NotForApartments):
            archiving.unarchive_room(unit=unit, actor=alice)

    def test_it_comes_back_unless_its_name_was_given_away(self, alice):
        hotel = make_hotel(["101", "102"], name="Harbour Hotel")
        first, second = hotel.units.all()
        for room in (first, second):
            archiving.archive_room(unit=room, actor=alice)
        Unit.objects.create(property=hotel, name="102")

        archiving.unarchive_room(unit=first, actor=alice)
        with pytest.raises(NameTakenMeanwhile, match="Harbour Hotel has another room 102 now"):
            archiving.unarchive_room(unit=second, actor=alice)

        assert {unit.name for unit in hotel.units.active()} == {"101", "102"}

    def test_it_does_not_come_back_before_its_hotel(self, alice):
        hotel = make_hotel(["101"])
        room = archiving.archive_room(unit=hotel.units.get(), actor=alice)
        archiving.archive_property(property=hotel, actor=alice)

        with pytest.raises(Archived):
            archiving.unarchive_room(unit=room, actor=alice)


class TestAtTheDesk:
    def test_archiving_offers_undo_and_undo_brings_it_back(self, desk):
        flat = make_apartment("Garden Flat")

        page = desk.post(f"/properties/{flat.pk}/archive/", follow=True).content.decode()

        assert "Garden Flat is archived and takes no more bookings." in page
        assert f'action="/properties/{flat.pk}/unarchive/" data-undo' in page
        desk.post(f"/properties/{flat.pk}/unarchive/")
        flat.refresh_from_db()
        assert flat.archived_at is None

    def test_a_refusal_links_every_stay_in_the_way(self, desk):
        flat = make_apartment("Garden Flat")
        stays = [make_reservation(flat, arrival=TODAY + dt.timedelta(weeks=week)) for week in range(5)]

        response = desk.post(f"/properties/{flat.pk}/archive/")

        assert response.status_code == 409
        for stay in stays:
            assert f"/reservations/{stay.reference}/" in response.content.decode()

    def test_a_room_is_archived_and_brought_back(self, desk):
        hotel = make_hotel(["101", "102"])
        room = hotel.units.first()

        page = desk.post(f"/properties/rooms/{room.pk}/archive/", follow=True).content.decode()

        assert "Room 101 is archived" in page
        assert f'action="/properties/rooms/{room.pk}/unarchive/" data-undo' in page
        desk.post(f"/properties/rooms/{room.pk}/unarchive/")
        assert hotel.units.active().count() == 2

    def test_archiving_the_last_room_says_what_that_means(self, desk):
        hotel = make_hotel(["101"], name="Harbour Hotel")

        page = desk.post(f"/properties/rooms/{hotel.units.get().pk}/archive/", follow=True).content.decode()

        assert "Harbour Hotel has no room left that takes bookings." in page
        assert "All rooms are archived." in page

    def test_a_name_that_was_given_away_is_told_in_words(self, desk):
        flat = make_apartment("Garden Flat", archived_at=NOON)
        make_apartment("Garden Flat")

        response = desk.post(f"/properties/{flat.pk}/unarchive/")

        assert response.status_code == 409
        assert "Another property is called Garden Flat now" in response.content.decode()

    @pytest.mark.parametrize("verb", ["archive", "unarchive", "rooms/{}/archive", "rooms/{}/unarchive"])
    def test_it_never_happens_by_following_a_link(self, desk, verb):
        hotel = make_hotel(["101"])
        path = verb.format(hotel.units.get().pk) if "rooms" in verb else f"{hotel.pk}/{verb}"

        assert desk.get(f"/properties/{path}/").status_code == 405


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_a_booking_that_is_being_made_is_seen_by_archiving(self, alice):
        flat = make_apartment()

        with overtaken_by(lambda: archiving.archive_property(property=flat, actor=alice)) as outcome:
            Unit.objects.select_for_update(no_key=True).get(property=flat)
            make_reservation(flat, arrival=TODAY)

        assert isinstance(outcome[0], HasFutureReservations)
        assert Property.objects.active().count() == 1

    def test_a_booking_is_refused_by_an_archiving_that_is_under_way(self, alice):
        flat = make_apartment()

        def book():
            fields = {"stay": Stay.of_nights(TODAY, 2), "guest_name": "Amara Okafor", "party_size": 2}
            return make_booking(property=flat, actor=alice, **fields)

        with overtaken_by(book) as outcome:
            archiving.archive_property(property=flat, actor=alice)

        assert isinstance(outcome[0], NotBookable)
        assert not Reservation.objects.exists()

    def test_a_booking_into_a_hotel_without_rooms_is_seen_too(self, alice):
        hotel = make_hotel([])

        def archive():
            return archiving.archive_property(property=hotel, actor=alice)

        with overtaken_by(archive) as outcome:
            make_booking(
                property=hotel, stay=Stay.of_nights(TODAY, 2), guest_name="Amara Okafor", party_size=2, actor=alice
            )

        assert isinstance(outcome[0], HasFutureReservations)
