"""A program changes a reservation that it has read, and moves it between rooms: what it looked at, all or nothing."""

import datetime as dt

import pytest

from reservations.models import Event, Occupancy, Reservation, Status
from tests.api.programs import Program
from tests.factories import (
    ARRIVAL,
    make_apartment,
    make_guest,
    make_hotel,
    make_reservation,
    make_room_type,
    make_user,
)


def address(reservation, verb=""):
    return f"/reservations/{reservation.reference}/{verb and f'{verb}/'}"


def change(program, reservation, fields, if_match='"1"'):
    return program.patch(address(reservation), fields, if_match=if_match)


def day(number):
    """ARRIVAL's month."""
    return ARRIVAL.replace(day=number).isoformat()


class TestChanging:
    def test_what_is_not_sent_stays(self, program, alice):
        reservation = make_reservation(make_apartment())

        answer = change(program, reservation, {"departure": day(8)})

        changed = answer.json()
        assert answer.status_code == 200
        assert (changed["arrival"], changed["departure"], changed["party_size"]) == (day(3), day(8), 2)
        assert changed["guest"]["name"] == "Amara Okafor"
        assert (changed["version"], answer.headers["ETag"]) == (2, '"2"')
        assert (Event.objects.get().action, Event.objects.get().actor) == ("changed", alice)

    def test_its_room_stays_too_and_is_refused_when_it_is_taken(self, program):
        hotel = make_hotel(["101", "102"])
        one = hotel.units.first()
        reservation = make_reservation(unit=one)
        make_reservation(unit=one, arrival=ARRIVAL + dt.timedelta(days=3), guest="Bo Li")

        refused = change(program, reservation, {"departure": day(8)})
        anywhere = change(program, reservation, {"departure": day(8), "unit": None})

        assert (refused.status_code, refused.json()["code"]) == (409, "dates_taken")
        assert refused.json()["in_the_way"][0]["guest"] == "Bo Li"
        assert anywhere.json()["segments"][0]["unit"]["name"] == "102"

    def test_without_a_version_nothing_is_changed(self, program):
        reservation = make_reservation()

        answers = [change(program, reservation, {"party_size": 3}, if_match=said) for said in ("*", " * ")]
        answers.append(program.patch(address(reservation), {"party_size": 3}))

        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(428, "version_missing")}
        assert Reservation.objects.get().party_size == 2

    def test_a_stale_version_is_told_who_did_what_since(self, program):
        reservation = make_reservation(make_apartment())
        bob = Program.of(make_user("bob"))
        change(bob, reservation, {"party_size": 1})

        answer = change(program, reservation, {"party_size": 3})

        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["version"]) == (412, "changed_meanwhile", 2)
        assert (problem["event"]["actor"], problem["event"]["changes"]) == ("Bob", ["Guests 2 → 1"])
        assert Reservation.objects.get().party_size == 1

    def test_who_may_not_read_reservations_is_told_the_version_alone(self, program, alice):
        reservation = make_reservation(make_apartment())
        change(program, reservation, {"party_size": 1})

        problem = change(Program.of(alice, "reservations:write"), reservation, {"party_size": 3}).json()

        assert problem["version"] == 2
        assert "event" not in problem

    @pytest.mark.parametrize("said", ["x", 'W/"x"', '"x"', '"1", "2"'])
    def test_what_names_no_version_is_none_of_it(self, program, said):
        assert change(program, make_reservation(), {"party_size": 3}, if_match=said).status_code == 412

    def test_a_price_that_would_change_is_asked_about(self, program):
        reservation = make_reservation(make_apartment(nightly_rate=200), nightly_rates=[100] * 3)

        asked = change(program, reservation, {"departure": day(5)})
        kept = change(program, reservation, {"departure": day(5), "pricing": "keep"})

        problem = asked.json()
        assert (asked.status_code, problem["code"]) == (409, "price_would_change")
        assert problem["kept"] == {"amount": "200.00", "currency": "EUR"}
        assert problem["requoted"] == {"amount": "400.00", "currency": "EUR"}
        assert kept.json()["price"] == "200.00"

    @pytest.mark.parametrize("pricing", [{}, {"pricing": "keep"}])
    def test_an_added_night_costs_what_the_rate_table_says_and_nobody_is_asked(self, program, pricing):
        reservation = make_reservation(make_apartment(nightly_rate=200), nightly_rates=[100] * 3)

        longer = change(program, reservation, {"departure": day(7)} | pricing)

        assert longer.json()["nightly_rates"] == ["100.00", "100.00", "100.00", "200.00"]

    def test_another_guest_a_new_one_or_the_same_under_another_name(self, program):
        reservation, other = make_reservation(make_apartment()), make_guest("Bo Li")
        same = reservation.guest_id

        renamed = change(program, reservation, {"guest_name": "Amara Obi"}).json()
        given = change(program, reservation, {"guest": other.pk}, if_match='"2"').json()

        assert renamed["guest"] == {"id": same, "name": "Amara Obi"}
        assert given["guest"] == {"id": other.pk, "name": "Bo Li"}

    @pytest.mark.parametrize(
        ("sent", "status", "field", "code"),
        [
            ({"guest": 1, "guest_name": "Bo Li"}, 422, "guest", "does_not_exist"),
            ({"departure": "2027-05-03"}, 422, "departure", "not_a_stay"),
            ({"arrival": "2027-05-09"}, 422, "departure", "not_a_stay"),
            ({"party_size": 0}, 400, "party_size", "min_value"),
            ({"party_size": None}, 400, "party_size", "null"),
            ({"guest_name": " "}, 422, "guest_name", "invisible"),
            ({"status": "cancelled"}, 400, "status", "unknown_field"),
            ({"pricing": "half"}, 400, "pricing", "invalid_choice"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, program, sent, status, field, code):
        answer = change(program, make_reservation(), sent)

        assert answer.status_code == status
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]

    def test_a_unit_of_another_property_is_refused(self, program):
        answer = change(program, make_reservation(), {"unit": make_apartment().units.get().pk})

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "other_property")

    def test_nothing_sent_changes_nothing(self, program):
        answer = change(program, make_reservation(), {})

        assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
        assert not Event.objects.exists()

    def test_what_is_over_is_not_changed_any_more(self, program):
        answer = change(program, make_reservation(status=Status.CHECKED_OUT), {"party_size": 3})

        assert (answer.status_code, answer.json()["code"]) == (409, "not_open")

    @pytest.mark.parametrize("reference", ["RT-22222", "rt-22222", "RT-0OIL1", "RT-2%00222", "1"])
    def test_there_is_none_of_that_reference(self, program, reference):
        answer = program.patch(f"/reservations/{reference}/", {}, if_match='"1"')

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    def test_a_token_that_only_reads_changes_nothing(self, alice):
        answer = change(Program.of(alice, "reservations:read"), make_reservation(), {"party_size": 3})

        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


class TestRooms:
    @pytest.fixture
    def hotel(self):
        return make_hotel(["101", "102", "103"])

    @pytest.fixture
    def rooms(self, hotel):
        return list(hotel.units.all())

    def test_a_move_to_another_room_and_other_nights(self, program, rooms):
        reservation = make_reservation(unit=rooms[0])

        moved = program.post(address(reservation, "move"), {"unit": rooms[1].pk, "arrival": day(4)}).json()

        assert [
            (segment["unit"]["name"], segment["arrival"], segment["departure"]) for segment in moved["segments"]
        ] == [("102", day(4), day(6))]

    def test_a_move_into_a_taken_room_offers_the_swap_and_the_swap_is_done(self, program, rooms):
        mine, theirs = make_reservation(unit=rooms[0]), make_reservation(unit=rooms[1], guest="Bo Li")

        refused = program.post(address(mine, "move"), {"unit": rooms[1].pk}).json()
        swapped = program.post(address(mine, "swap"), {"other": refused["swap_with"]}).json()

        assert refused["code"] == "dates_taken"
        assert [each["name"] for each in refused["other_units"]] == ["103"]
        assert swapped["segments"][0]["unit"]["name"] == "102"
        assert swapped["also_changed"] == [theirs.reference]

    def test_a_stay_is_split_one_part_of_it_moved_and_joined_again(self, program, rooms):
        reservation = make_reservation(unit=rooms[0])

        split = program.post(address(reservation, "split"), {"night": day(5), "unit": rooms[1].pk}).json()
        whole = program.post(address(reservation, "move"), {"unit": rooms[2].pk})
        segment = program.post(
            address(reservation, "move"), {"unit": rooms[2].pk, "segment": split["segments"][1]["id"]}
        ).json()
        gone = program.post(address(reservation, "move"), {"unit": rooms[2].pk, "segment": 2**60})
        joined = program.post(address(reservation, "join"), {"unit": rooms[0].pk}).json()

        assert [each["unit"]["name"] for each in split["segments"]] == ["101", "102"]
        assert (whole.status_code, whole.json()["code"]) == (409, "not_movable")
        assert [each["unit"]["name"] for each in segment["segments"]] == ["101", "103"]
        assert (gone.status_code, gone.json()["code"]) == (409, "not_movable")
        assert [(each["unit"]["name"], each["departure"]) for each in joined["segments"]] == [("101", day(6))]

    def test_the_version_is_compared_where_it_is_said(self, program, rooms):
        mine, theirs = make_reservation(unit=rooms[0]), make_reservation(unit=rooms[1])
        verbs = {"move": {"unit": rooms[2].pk}, "swap": {"other": theirs.reference}, "lock": {}, "cancel": {}}

        answers = [program.post(address(mine, verb), body, if_match='"7"') for verb, body in verbs.items()]

        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(412, "changed_meanwhile")}
        assert not Event.objects.exists()

    def test_a_room_is_promised_and_the_promise_taken_back(self, program):
        reservation = make_reservation(make_apartment())

        answers = [program.post(address(reservation, verb)).json() for verb in ("lock", "lock", "unlock")]

        assert [(each["is_locked"], each["version"]) for each in answers] == [(True, 2), (True, 2), (False, 3)]

    def test_a_manager_takes_the_room_away_and_nobody_else(self, program, rooms):
        reservation = make_reservation(unit=rooms[0])
        manager = Program.of(make_user("bob", role="manager"))

        refused = program.post(address(reservation, "unassign"), {"reason": "Wheelchair."})
        left = manager.post(address(reservation, "unassign"), {"reason": "Wheelchair."}).json()

        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        assert (left["segments"], left["is_unassigned"], left["is_open"]) == ([], True, True)
        assert Event.objects.get().reason == "Wheelchair."

    def test_the_same_move_with_the_same_key_is_done_once(self, program, rooms):
        reservation = make_reservation(unit=rooms[0])

        answers = [
            program.post(address(reservation, "move"), {"unit": rooms[1].pk}, idempotency_key="one") for _ in range(2)
        ]

        assert answers[0].content == answers[1].content
        assert answers[1].headers["Idempotency-Replayed"] == "true"
        assert Event.objects.count() == 1

    def test_who_does_not_exist_cannot_swap(self, program):
        answer = program.post(address(make_reservation(), "swap"), {"other": "RT-22222"})

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "does_not_exist")

    def test_a_room_of_another_property_is_refused(self, program, rooms):
        reservation, elsewhere = make_reservation(unit=rooms[0]), make_apartment().units.get()
        bodies = {"move": {}, "join": {}, "split": {"night": day(5)}}

        answers = [
            program.post(address(reservation, verb), body | {"unit": elsewhere.pk}) for verb, body in bodies.items()
        ]

        assert {(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers} == {
            (422, "other_property")
        }
        assert Occupancy.objects.get().unit == rooms[0]


class TestBookingElsewhere:
    def test_unit_and_room_type_are_the_propertys_and_fit_each_other(self, program):
        hotel, flat = make_hotel(["101"]), make_apartment()
        double = make_room_type(hotel)
        body = {"property": hotel.pk, "arrival": day(3), "departure": day(6), "guest_name": "Bo Li"}
        odd = [
            {"unit": flat.units.get().pk},
            {"property": flat.pk, "room_type": double.pk},
            {"unit": hotel.units.get().pk, "room_type": double.pk},
        ]

        answers = [program.post("/reservations/", body | each) for each in odd]

        assert [(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers] == [
            (422, "other_property"),
            (422, "other_property"),
            (422, "other_room_type"),
        ]
        assert not Reservation.objects.exists()
