"""Closing through the API: the same nights, the same refusals, the same history as at the desk."""

import datetime as dt

import pytest

from properties.models import Property
from reservations import booking
from reservations.forms.closures import ClosureForm
from reservations.models import Closure, Event, Occupancy
from reservations.stay import Stay
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db


def make_closure(unit=None, arrival=ARRIVAL, nights=3, **fields):
    unit = unit or make_hotel().units.first()
    fields = {"kind": Closure.Kind.MAINTENANCE, "actor": None} | fields
    return booking.close(unit=unit, stay=Stay.of_nights(arrival, nights), **fields)


def closure_request(room, **fields):
    """Three nights from ARRIVAL on."""
    return {"unit": room.pk, "arrival": "2027-05-03", "departure": "2027-05-06", "kind": "maintenance"} | fields


def keys(answer):
    return [row["id"] for row in answer.json()["results"]]


class TestTheList:
    def test_the_newest_come_first_and_filters_choose(self, program):
        hotel, other = make_hotel(["101", "102"]), make_hotel(["1"])
        early = make_closure(hotel.units.first(), arrival=ARRIVAL, nights=2)
        late = make_closure(hotel.units.last(), arrival=ARRIVAL + dt.timedelta(days=10), nights=2)
        elsewhere = booking.reopen(closure=make_closure(other.units.first()), actor=None)

        def found(**query):
            return keys(program.get("/closures/", query))

        assert found() == [elsewhere.pk, late.pk, early.pk]
        assert found(property=hotel.pk) == [late.pk, early.pk]
        assert found(unit=early.unit_id) == [early.pk]
        assert found(reopened="true") == [elsewhere.pk]
        assert found(reopened="false") == [late.pk, early.pk]
        assert found(ordering="created_at") == [early.pk, late.pk, elsewhere.pk]

    def test_both_ends_of_a_search_are_half_open(self, program):
        closure = make_closure(arrival=ARRIVAL, nights=2)

        def is_found(**query):
            return keys(program.get("/closures/", query)) == [closure.pk]

        assert is_found(since="2027-05-04")  # the last night
        assert not is_found(since="2027-05-05")
        assert is_found(until="2027-05-04")
        assert not is_found(until="2027-05-03")

    @pytest.mark.parametrize(
        "query", [{"since": "3 May"}, {"unit": "x"}, {"property": "-1"}, {"reopened": "maybe"}, {"open": "true"}]
    )
    def test_what_no_filter_understands_is_refused(self, program, query):
        assert program.get("/closures/", query).status_code == 400

    @pytest.mark.parametrize("closures_there", [1, 30])
    def test_it_costs_the_same_queries_for_one_and_for_many(
        self, program, alice, closures_there, django_assert_num_queries
    ):
        unit = make_hotel().units.first()
        for number in range(closures_there):
            make_closure(unit, arrival=ARRIVAL + dt.timedelta(days=number), nights=1, actor=alice)
        program.get("/closures/", {"limit": 100})  # the token's use is written down

        with django_assert_num_queries(4):  # the token, what its user may, the count of requests, the rows
            answer = program.get("/closures/", {"limit": 100})

        assert len(keys(answer)) == closures_there


class TestClosing:
    def test_the_nights_are_taken_and_the_history_says_by_whom(self, program, alice):
        unit = make_hotel(name="Hotel Alba").units.first()

        answer = program.post("/closures/", closure_request(unit, note="New tiles."))

        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["ETag"] == '"1"'
        assert made == {
            "id": made["id"],
            "version": 1,
            "property": {"id": unit.property_id, "name": "Hotel Alba", "kind": "hotel"},
            "unit": {"id": unit.pk, "name": "101"},
            "kind": "maintenance",
            "arrival": "2027-05-03",
            "departure": "2027-05-06",
            "nights": 3,
            "note": "New tiles.",
            "created_at": made["created_at"],
            "created_by": "Alice Moreau",
            "reopened_at": None,
            "not_left": None,
        }
        assert program.client.get(answer.headers["Location"], headers=program.headers).json() == made
        assert Occupancy.objects.get().closure_id == made["id"]
        assert Event.objects.get().actor == alice

    def test_taken_nights_say_who_is_there(self, program):
        flat = make_apartment()
        existing = make_reservation(flat, guest="Amara Okafor")

        answer = program.post("/closures/", closure_request(flat.units.get()))

        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "dates_taken")
        [there] = problem["in_the_way"]
        assert (there["reservation"], there["guest"]) == (existing.reference, "Amara Okafor")
        assert not Closure.objects.exists()

    def test_a_property_that_is_archived_has_nothing_to_close(self, program, alice):
        flat = make_apartment()
        unit = flat.units.get()
        Property.objects.update(archived_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
        unit.archived_at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        unit.save()

        answer = program.post("/closures/", closure_request(unit))

        assert (answer.status_code, answer.json()["code"]) == (409, "not_bookable")

    @pytest.mark.parametrize(
        ("fields", "status", "field"),
        [
            ({"departure": "2027-05-03"}, 422, "departure"),
            ({"departure": "2027-05-01"}, 422, "departure"),
            ({"arrival": "1999-12-31"}, 422, "arrival"),
            ({"departure": "9999-12-31"}, 422, "departure"),
            ({"arrival": "2027-02-29"}, 400, "arrival"),
            ({"kind": "calendar"}, 400, "kind"),
            ({"kind": None}, 400, "kind"),
            ({"unit": 2**31}, 422, "unit"),
            ({"unit": "1"}, 400, "unit"),
            ({"note": "x" * 201}, 400, "note"),
            ({"note": "a\x00b"}, 422, "note"),
            ({"property": 1}, 400, "property"),
        ],
    )
    def test_what_cannot_be_closed_is_said_field_by_field(self, program, fields, status, field):
        answer = program.post("/closures/", closure_request(make_hotel().units.first(), **fields))

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
        assert not Closure.objects.exists()

    def test_a_note_is_as_long_as_the_form_lets_it_be(self, program):
        answer = program.post(
            "/closures/", closure_request(make_hotel().units.first(), note="é" * Closure.LONGEST_NOTE)
        )

        assert answer.status_code == 201
        assert ClosureForm.base_fields["note"].max_length == Closure.LONGEST_NOTE

    def test_who_may_only_read_closes_nothing(self, alice):
        answer = Program.of(alice, "reservations:read").post("/closures/", closure_request(make_hotel().units.first()))

        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


class TestChanging:
    def test_what_is_not_sent_stays(self, program):
        closure = make_closure(note="New tiles.")

        answer = program.patch(f"/closures/{closure.pk}/", {"departure": "2027-05-08"}, if_match='"1"')

        changed = answer.json()
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
        assert (changed["arrival"], changed["departure"], changed["note"]) == ("2027-05-03", "2027-05-08", "New tiles.")
        assert Occupancy.objects.get().nights.upper == dt.date(2027, 5, 8)

    def test_it_goes_to_another_room_but_not_to_another_property(self, program):
        hotel = make_hotel(["101", "102"])
        closure, elsewhere = make_closure(hotel.units.first()), make_apartment().units.get()

        refused = program.patch(f"/closures/{closure.pk}/", {"unit": elsewhere.pk}, if_match='"1"')
        moved = program.patch(f"/closures/{closure.pk}/", {"unit": hotel.units.last().pk}, if_match='"1"')

        assert (refused.status_code, refused.json()["code"]) == (409, "not_movable")
        assert (moved.status_code, moved.json()["unit"]["name"]) == (200, "102")

    def test_taken_nights_say_who_is_there_and_nothing_is_changed(self, program):
        flat = make_apartment()
        closure = make_closure(flat.units.get())
        make_reservation(flat, arrival=closure.stay.departure)

        answer = program.patch(f"/closures/{closure.pk}/", {"departure": "2027-05-08"}, if_match='"1"')

        assert (answer.status_code, answer.json()["code"]) == (409, "dates_taken")
        assert len(answer.json()["in_the_way"]) == 1
        assert program.get(f"/closures/{closure.pk}/").json()["departure"] == "2027-05-06"

    def test_without_a_version_nothing_is_changed(self, program):
        closure = make_closure()

        answer = program.patch(f"/closures/{closure.pk}/", {"note": "x"})

        assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")

    def test_a_stale_version_is_told_what_is_there_now(self, program):
        closure = make_closure()
        program.patch(f"/closures/{closure.pk}/", {"note": "Tiles"}, if_match='"1"')

        answer = program.patch(f"/closures/{closure.pk}/", {"note": "Paint"}, if_match='"1"')

        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (412, "changed_meanwhile")
        assert problem["now"] == program.get(f"/closures/{closure.pk}/").json()
        assert problem["now"]["note"] == "Tiles"

    def test_one_end_alone_must_still_make_a_stay(self, program):
        closure = make_closure()

        answer = program.patch(f"/closures/{closure.pk}/", {"departure": "2027-05-02"}, if_match='"1"')

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "departure")


class TestReopening:
    def test_the_nights_are_sold_again_once(self, program):
        closure = make_closure()

        first = program.post(f"/closures/{closure.pk}/reopen/")
        again = program.post(f"/closures/{closure.pk}/reopen/")
        changed = program.patch(f"/closures/{closure.pk}/", {"note": "x"}, if_match='"2"')

        assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
        assert first.json()["reopened_at"]
        assert not Occupancy.objects.exists()
        assert (again.status_code, again.json()["code"]) == (409, "already_reopened")
        assert (changed.status_code, changed.json()["code"]) == (409, "already_reopened")

    def test_the_same_request_with_the_same_key_is_answered_alike(self, program):
        closure = make_closure()

        first, again = (program.post(f"/closures/{closure.pk}/reopen/", idempotency_key="one") for _ in range(2))

        assert (first.status_code, again.status_code) == (200, 200)
        assert first.content == again.content

    def test_of_a_version_that_is_none_any_more_nothing_is_opened(self, program):
        closure = make_closure()

        answer = program.post(f"/closures/{closure.pk}/reopen/", if_match='"7"')

        assert (answer.status_code, answer.json()["now"]["version"]) == (412, 1)
        assert Occupancy.objects.exists()

    def test_it_takes_nothing_with_it(self, program):
        closure = make_closure()

        assert program.post(f"/closures/{closure.pk}/reopen/", {"reason": "done"}).status_code == 400
        assert Occupancy.objects.exists()
