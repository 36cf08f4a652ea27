"""Who gets which room: a matching on beds and price, compared with all ways there are."""

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations import availability, booking
from reservations.availability.allocation import Matching
from reservations.booking import NotBookable, TooFewRooms, groups
from reservations.models import Reservation
from reservations.offers import availability_report
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_booking, make_change, make_hotel, make_reservation, make_room_type

STAY = Stay.of_nights(ARRIVAL, 2)

counts = st.integers(0, 3)
costs = st.integers(0, 20)


class TestTheMatching:
    @settings(deadline=None)
    @given(
        wanted=st.lists(counts, min_size=1, max_size=3),
        gaps=st.lists(st.lists(st.integers(0, 9), max_size=3).map(sorted), min_size=1, max_size=3),
        data=st.data(),
    )
    def test_it_seats_as_many_as_can_be_at_the_least_cost(self, wanted, gaps, data):
        pairs = [(line, kind) for line in range(len(wanted)) for kind in range(len(gaps))]
        cost = {pair: data.draw(costs) for pair in pairs if data.draw(st.booleans())}

        matching = Matching(wanted, gaps, cost)

        seated, least = best_of_all(wanted, gaps, cost)
        assert sum(matching.given.values()) == sum(wanted) - len(matching.unseated) == seated
        assert matching.unseated or total(matching) == least

    @settings(deadline=None)
    @given(
        wanted=st.lists(counts, min_size=1, max_size=3),
        gaps=st.lists(st.lists(st.just(0), max_size=3), min_size=1, max_size=3),
        data=st.data(),
    )
    def test_what_it_says_is_short_is_short(self, wanted, gaps, data):
        pairs = [(line, kind) for line in range(len(wanted)) for kind in range(len(gaps))]
        cost = {pair: 0 for pair in pairs if data.draw(st.booleans())}

        matching = Matching(wanted, gaps, cost)

        shortages = matching.shortages()
        assert bool(shortages) == bool(matching.unseated)
        for lines, kinds in shortages:
            assert kinds == {kind for line, kind in cost if line in lines}
            assert sum(wanted[line] for line in lines) > sum(len(gaps[kind]) for kind in kinds)


def best_of_all(wanted, gaps, cost):
    """(how many are seated, at what cost), of every way to do it."""
    parties = [line for line, count in enumerate(wanted) for _ in range(count)]
    rooms = [(kind, gap) for kind, own in enumerate(gaps) for gap in own]
    best = (0, 0)
    for size in range(1, min(len(parties), len(rooms)) + 1):
        ways = [
            sum(cost[line, kind] + gap for line, (kind, gap) in zip(some, chosen, strict=True))
            for some in set(itertools.combinations(parties, size))
            for chosen in itertools.permutations(rooms, size)
            if all((line, kind) in cost for line, (kind, _) in zip(some, chosen, strict=True))
        ]
        if ways:
            best = (size, min(ways))
    return best


def total(matching):
    seats = sum(matching.cost[pair] * count for pair, count in matching.given.items())
    return seats + sum(sum(own[: matching.used(kind)]) for kind, own in enumerate(matching.gaps))


@pytest.fixture
def hotel(db):
    """A family room for four at 200, then a double at 100."""
    hotel = make_hotel(["101", "102"], nightly_rate=100)
    for name, label, sleeps, rate in (("101", "Family", 4, 200), ("102", "Double", 2, 100)):
        hotel.units.filter(name=name).update(room_type=make_room_type(hotel, label, sleeps=sleeps, nightly_rate=rate))
    return hotel


def book(hotel, **fields):
    fields = {"stay": STAY, "guest_name": "Ines", "party_size": 1, "actor": None} | fields
    return make_booking(property=hotel, **fields)


def book_group(hotel, *lines):
    return booking.book_group(property=hotel, stay=STAY, booker_name="Moreau", rooms=lines, actor=None)


class TestOneParty:
    def test_one_guest_is_not_put_into_the_family_room_while_a_double_is_free(self, hotel):
        assert book(hotel).unit.name == "102"

    def test_the_form_and_programs_are_told_the_same_room_and_its_price(self, hotel):
        answer = availability.answer(property=hotel, unit=None, stay=STAY, party_size=1, length=2)
        report = availability_report.build(availability_report.AvailabilityRequest(hotel, STAY, party_size=1), days=5)

        assert (answer.room.name, report.answer.room.name, report.total.amount) == ("102", "102", 200)

    def test_four_guests_get_the_family_room(self, hotel):
        assert book(hotel, party_size=4).unit.name == "101"

    def test_at_one_price_the_room_with_fewer_beds_is_given(self, hotel):
        hotel.room_types.update(nightly_rate=100)

        assert book(hotel).unit.name == "102"

    def test_a_price_of_the_season_counts(self, hotel):
        hotel.rates.create(
            name="Fair", nightly_rate=300, room_type=hotel.room_types.get(name="Double"), first_night=ARRIVAL,
            last_night=ARRIVAL + dt.timedelta(days=1),
        )  # fmt: skip

        assert book(hotel).unit.name == "101"

    def test_among_rooms_of_one_kind_the_tightest_gap_is_filled(self, hotel):
        hotel.units.update(room_type=hotel.room_types.get(name="Double"))
        make_reservation(unit=hotel.units.get(name="102"), arrival=STAY.departure, nights=2)

        assert book(hotel).unit.name == "102"

    def test_a_stay_that_must_leave_its_room_gets_one_of_the_type_that_was_sold(self, hotel):
        suite = hotel.units.create(name="103", room_type=hotel.room_types.get(name="Family"), position=9)
        mine = book(hotel, unit=hotel.units.get(name="101"))
        make_reservation(unit=hotel.units.get(name="101"), arrival=STAY.departure, nights=2)

        longer = make_change(
            reservation=mine, stay=Stay.of_nights(ARRIVAL, 3), guest_name="", party_size=1, actor=None, pricing="keep"
        )

        assert longer.unit == suite

    def test_a_type_of_another_property_is_not_sold(self, hotel):
        foreign = make_room_type(make_hotel(), "Suite")
        uncounted = make_hotel([])

        for property in (hotel, uncounted):
            with pytest.raises(NotBookable, match="no rooms of the type Suite"):
                book(property, room_type=foreign)
            with pytest.raises(NotBookable, match="no rooms of the type Suite"):
                book_group(property, (foreign, 2, 1))


class TestGroups:
    @pytest.mark.parametrize("parties", [(2, 4), (4, 2)])
    def test_both_orders_succeed(self, hotel, parties):
        group = book_group(hotel, *((None, 1, party) for party in parties))

        rooms = {stay.party_size: stay.unit.name for stay in Reservation.objects.filter(group=group)}
        assert rooms == {4: "101", 2: "102"}

    def test_a_line_of_any_type_leaves_the_types_to_those_who_asked_for_them(self, hotel):
        double = hotel.room_types.get(name="Double")

        group = book_group(hotel, (None, 1, 1), (double, 1, 1))

        assert {stay.unit.name for stay in Reservation.objects.filter(group=group)} == {"101", "102"}

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ([(None, 1, 2), (None, 2, 4)], "1 for 4 guests free, 2 wanted"),
            ([(None, 1, 2), (None, 2, 1)], "2 in all free, 3 wanted"),
            ([("Double", 2, 1)], "1 of Double free, 2 wanted"),
            ([("Double", 1, 1), (None, 2, 1)], "2 in all free, 3 wanted"),
            ([("Double", 2, 1), ("Family", 3, 1)], "1 of Double free, 2 wanted; 1 of Family free, 3 wanted"),
        ],
    )
    def test_a_refusal_says_what_is_short(self, hotel, lines, words):
        types = {kind.name: kind for kind in hotel.room_types.all()}
        lines = [(types.get(kind), count, party) for kind, count, party in lines]

        for order in itertools.permutations(lines):
            with pytest.raises(TooFewRooms) as refused:
                book_group(hotel, *order)
            assert sorted(words.split("; ")) == sorted(
                refused.value.message.split(": ")[1].split(". Nothing")[0].split("; ")
            )

        assert not Reservation.objects.exists()

    def test_when_the_family_room_is_taken_nobody_says_that_no_room_is_free(self, hotel):
        make_reservation(unit=hotel.units.get(name="101"))

        with pytest.raises(TooFewRooms, match="none for 4 guests free, 1 wanted"):
            book_group(hotel, (None, 1, 2), (None, 1, 4))

    def test_a_reference_that_is_drawn_meanwhile_is_drawn_again(self, hotel, monkeypatch):
        """Between the look and the writing: what `book` does, too."""
        other = make_reservation()
        draws = iter([{other.reference, "RT-22222"}, {"RT-33333", "RT-44444"}])
        monkeypatch.setattr(groups, "unused_references", lambda count: next(draws))

        group = book_group(hotel, (None, 2, 1))

        references = set(Reservation.objects.filter(group=group).values_list("reference", flat=True))
        assert references == {"RT-33333", "RT-44444"}
