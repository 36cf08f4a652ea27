import datetime as dt
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.availability.reallocation import PlacedStay, fit
from reservations.availability.reallocation.search import MOST_MOVES
from reservations.stay import Stay
from tests.factories import ARRIVAL


def nights(first, last):
    """The stay that arrives `first` days after ARRIVAL and departs `last` days after it."""
    return Stay(ARRIVAL + dt.timedelta(days=first), ARRIVAL + dt.timedelta(days=last))


def taken(key, room, first, last, **options):
    return PlacedStay(key, room, nights(first, last), **options)


class TestFewestMoves:
    def test_a_free_room_needs_no_move(self):
        found = fit(["101", "102"], [taken("okafor", "101", 0, 3)], nights(0, 3))

        assert (found.room, found.moves, found.is_proven) == ("102", (), True)

    def test_one_stay_moves_where_one_is_enough(self):
        stays = [taken("okafor", "101", 0, 2), taken("silva", "102", 2, 4)]

        found = fit(["101", "102"], stays, nights(0, 4))

        assert len(found.moves) == 1
        assert found.is_proven

    def test_a_chain_of_moves_is_found(self):
        stays = [
            taken("okafor", "101", 2, 6),
            taken("silva", "102", 0, 2),
            taken("brandt", "102", 5, 9),
            taken("pinned", "101", 6, 9, is_fixed=True),
            taken("also pinned", "103", 0, 5, is_fixed=True),
        ]

        found = fit(["101", "102", "103"], stays, nights(0, 5), request_rooms=["101"])

        assert found.room == "101"
        assert dict(found.moves) == {"okafor": "102", "brandt": "103"}

    def test_the_later_arrival_is_moved_when_either_would_do(self):
        stays = [taken("tomorrow", "101", 0, 2), taken("next week", "102", 4, 6)]

        found = fit(["101", "102"], stays, nights(0, 6))

        assert found.moves == (("next week", "101"),) or found.room == "102"
        assert [key for key, _ in found.moves] == ["next week"]

    def test_the_tightest_gap_is_filled_when_several_rooms_would_do(self):
        stays = [
            taken("mover", "101", 2, 4),
            taken("pinned", "102", 0, 2, is_fixed=True),
            taken("pinned too", "103", 1, 2, is_fixed=True),
            taken("and after", "103", 4, 6, is_fixed=True),
        ]

        found = fit(["101", "102", "103"], stays, nights(0, 4))

        assert (found.room, found.moves) == ("101", (("mover", "103"),))

    def test_a_stay_moves_only_to_rooms_that_suit_it(self):
        stays = [taken("family", "suite", 2, 4, rooms=["suite", "other suite"]), taken("x", "other suite", 0, 1)]

        found = fit(["single", "suite", "other suite"], stays, nights(0, 4), request_rooms=["suite"])

        assert found.moves == (("family", "other suite"),)

    def test_the_answer_does_not_depend_on_the_order_of_the_question(self):
        stays = _full_hotel(random.Random(7), rooms=8, days=30)
        request = nights(10, 14)

        answers = {fit(range(8), random.Random(n).sample(stays, len(stays)), request) for n in range(5)}

        assert len(answers) == 1


class TestNoPlan:
    def test_a_full_night_is_proven_at_once(self):
        stays = [taken(room, room, 2, 3) for room in range(200)]

        found = fit(range(200), stays, nights(0, 4), work=0)

        assert (found.room, found.is_proven) == (None, True)

    def test_a_full_night_of_the_suitable_kind_is_proven_though_others_are_free(self):
        stays = [taken("a", "suite", 2, 3, rooms=["suite"]), taken("b", "single", 9, 10, rooms=["single"])]

        found = fit(["suite", "single"], stays, nights(0, 4), request_rooms=["suite"])

        assert (found.room, found.is_proven) == (None, True)

    def test_fixed_stays_in_each_room_are_proven_to_leave_none(self):
        stays = [taken("a", "101", 0, 2, is_fixed=True), taken("b", "102", 2, 4, is_fixed=True)]

        found = fit(["101", "102"], stays, nights(0, 4))

        assert (found.room, found.is_proven) == (None, True)

    def test_it_says_so_when_the_work_ran_out_before_a_proof(self):
        stays = [
            taken("fixed", "101", 0, 2, is_fixed=True),
            taken("fixed too", "102", 2, 4, is_fixed=True),
            taken("movable", "103", 1, 3),
        ]

        found = fit(["101", "102", "103"], stays, nights(0, 4), work=0)

        assert (found.room, found.is_proven) == (None, False)
        assert fit(["101", "102", "103"], stays, nights(0, 4)).is_proven


@st.composite
def small_hotels(draw):
    """At most four rooms with at most seven stays on ten nights, some fixed or choosy, and a request."""
    rooms = draw(st.integers(1, 4))
    stays, ends = [], [0] * rooms
    for key in range(draw(st.integers(0, 7))):
        room = draw(st.integers(0, rooms - 1))
        first = ends[room] + draw(st.integers(0, 2))
        last = first + draw(st.integers(1, 4))
        if last > 10:
            continue
        ends[room] = last
        suits = None if draw(st.booleans()) else frozenset(draw(st.sets(st.integers(0, rooms - 1)))) | {room}
        stays.append(taken(key, room, first, last, is_fixed=draw(st.integers(0, 3)) == 0, rooms=suits))
    first = draw(st.integers(0, 7))
    request = nights(first, draw(st.integers(first + 1, 10)))
    request_rooms = None if draw(st.booleans()) else frozenset(draw(st.sets(st.integers(0, rooms - 1), min_size=1)))
    return range(rooms), stays, request, request_rooms


class TestAgainstEveryPossibility:
    @settings(max_examples=400)
    @given(small_hotels())
    def test_no_plan_has_fewer_moves(self, hotel):
        rooms, stays, request, request_rooms = hotel

        found = fit(rooms, stays, request, request_rooms=request_rooms)

        fewest = _fewest_by_trying_all(rooms, stays, request, request_rooms)
        assert found.is_proven
        assert (found.room is None) == (fewest is None)
        if fewest is not None:
            assert len(found.moves) == fewest
            assert_holds(found, rooms, stays, request, request_rooms)

    @settings(max_examples=200)
    @given(small_hotels(), st.integers(0, 300))
    def test_a_plan_found_with_little_work_is_valid(self, hotel, work):
        rooms, stays, request, request_rooms = hotel

        found = fit(rooms, stays, request, request_rooms=request_rooms, work=work)

        fewest = _fewest_by_trying_all(rooms, stays, request, request_rooms)
        if found.room is not None:
            assert_holds(found, rooms, stays, request, request_rooms)
        if found.is_proven:
            assert (len(found.moves) if found.room is not None else None) == fewest


class TestWhereNothingIsFixed:
    @pytest.mark.parametrize("work", [0, 2_000, 60_000])
    @settings(max_examples=60, deadline=None)
    @given(seed=st.integers(0, 10**6), rooms=st.integers(2, 40), length=st.integers(2, 14))
    def test_a_room_is_found_whenever_no_night_is_full(self, work, seed, rooms, length):
        rng, request = random.Random(seed), nights(20, 20 + length)
        stays = _with_a_room_each_night(rng, _full_hotel(rng, rooms=rooms, days=60), rooms, request)

        found = fit(range(rooms), stays, request, work=work)

        assert found.room is not None
        assert_holds(found, range(rooms), stays, request)

    def test_a_chain_longer_than_the_search_tries_is_found(self):
        stays = [taken(n, n % 2, n, n + 2) for n in range(300)]  # brickwork: every stay stands in the way of the next
        stays = [each for each in stays if each.key not in (100, 101)]
        request = nights(100, 103)

        found = fit(range(2), stays, request)

        assert len(found.moves) > MOST_MOVES or found.is_proven
        assert_holds(found, range(2), stays, request)


def assert_holds(found, rooms, stays, request, request_rooms=None):
    """After the moves no two stays share a night, each is in a room that suits it, and nothing fixed has moved."""
    new = dict(found.moves)
    assert len(new) == len(found.moves)
    assert found.room in (rooms if request_rooms is None else request_rooms)
    for each in stays:
        if each.key in new:
            assert not each.is_fixed
            assert new[each.key] != each.room
            assert new[each.key] in (rooms if each.rooms is None else each.rooms)
    there = [(new.get(each.key, each.room), each.stay) for each in stays] + [(found.room, request)]
    for (room, stay), (other_room, other) in itertools.combinations(there, 2):
        assert room != other_room or not stay.overlaps(other)


def _fewest_by_trying_all(rooms, stays, request, request_rooms):
    choices = [[each.room] if each.is_fixed else sorted(each.rooms or rooms) for each in stays]
    fewest = None
    for room in sorted(request_rooms or rooms):
        moves = _fewest_from(0, stays, choices, [(room, request)], fewest)
        fewest = moves if fewest is None or (moves is not None and moves < fewest) else fewest
    return fewest


def _fewest_from(n, stays, choices, there, best):
    if n == len(stays):
        return sum(room != each.room for (room, _), each in zip(there[1:], stays, strict=True))
    for room in choices[n]:
        if all(room != other or not stays[n].stay.overlaps(stay) for other, stay in there):
            moves = _fewest_from(n + 1, stays, choices, [*there, (room, stays[n].stay)], best)
            best = moves if best is None or (moves is not None and moves < best) else best
    return best


def _full_hotel(rng, *, rooms, days):
    """Stays of one to seven nights with few nights between them."""
    stays = []
    for room in range(rooms):
        day = -rng.randint(0, 5)
        while day < days:
            length = rng.randint(1, 7)
            if rng.random() < 0.8:
                stays.append(taken(len(stays), room, day, day + length))
                day += length
            else:
                day += 1
    return stays


def _with_a_room_each_night(rng, stays, rooms, request):
    """Without some stay on each requested night that would be full."""
    for night in range(request.nights):
        day = Stay.of_nights(request.arrival + dt.timedelta(days=night), 1)
        there = [each for each in stays if each.stay.overlaps(day)]
        if len(there) == rooms:
            stays.remove(rng.choice(there))
    return stays
