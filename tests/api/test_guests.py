"""Guests' profiles through the API: found, made, changed by one at a time, merged and taken apart again."""

import datetime as dt

import pytest

from reservations import guests
from reservations.forms.guests import GuestForm
from reservations.models import Event, Guest, Status
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_apartment, make_guest, make_reservation

pytestmark = pytest.mark.django_db


def names(answer):
    return [row["name"] for row in answer.json()["results"]]


class TestTheList:
    def test_the_newest_come_first_and_the_next_page_goes_on_where_this_one_ended(self, program):
        for number in range(5):
            make_guest(f"Guest {number}")

        first = program.get("/guests/", {"limit": 2})
        make_guest("Came meanwhile")
        second = program.client.get(first.json()["next"], headers=program.headers)

        assert names(first) == ["Guest 4", "Guest 3"]
        assert names(second) == ["Guest 2", "Guest 1"]

    @pytest.mark.parametrize("q", ["jose", "JOSÉ san", "jose@example", "912 345", "+351912345678", "00351 912"])
    def test_parts_of_name_address_and_number_find_a_guest(self, program, q):
        make_guest("José Santos", email="jose@example.com", phone="+351 912 345 678")
        make_guest("Amara Okafor", email="amara@example.com", phone="+44 20 7946 0000")

        assert names(program.get("/guests/", {"q": q})) == ["José Santos"]

    @pytest.mark.parametrize("q", ["%", "_", "\\", "' OR 1=1 --"])
    def test_what_a_search_asks_for_is_taken_at_its_word(self, program, q):
        make_guest("Amara Okafor")

        assert names(program.get("/guests/", {"q": q})) == []

    def test_a_duplicate_is_not_listed_any_more(self, program):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        assert names(program.get("/guests/")) == ["Amara Okafor"]

    def test_a_row_has_the_members_that_were_asked_for(self, program):
        guest = make_guest("Amara Okafor")

        rows = program.get("/guests/", {"fields": "id,name"}).json()["results"]

        assert rows == [{"id": guest.pk, "name": "Amara Okafor"}]

    def test_names_order_it_too(self, program):
        for name in ("Bo Li", "Amara Okafor", "Bo Li"):
            make_guest(name)

        first = program.get("/guests/", {"ordering": "name", "limit": 2})

        assert names(first) == ["Amara Okafor", "Bo Li"]
        assert names(program.client.get(first.json()["next"], headers=program.headers)) == ["Bo Li"]

    @pytest.mark.parametrize("guests_there", [1, 30])
    def test_it_costs_the_same_queries_for_one_and_for_many(self, program, guests_there, django_assert_num_queries):
        flat = make_apartment()
        for number in range(guests_there):
            make_reservation(flat, guest=f"Guest {number}", arrival=ARRIVAL + dt.timedelta(days=3 * number))
        program.get("/guests/", {"limit": 100})  # the token's use is written down

        with django_assert_num_queries(4):  # the token, what its user may, the count of requests, the rows
            answer = program.get("/guests/", {"limit": 100})

        assert len(names(answer)) == guests_there


class TestOne:
    def test_it_says_what_the_screen_says(self, program):
        guest = make_guest("Amara Okafor", phone="+351 912 345 678", remarks="No feathers")
        same = make_guest("A. Okafor", phone="00351 912345678")
        make_guest("Bo Li")
        make_reservation(guest=guest, nights=3)
        make_reservation(guest=guest, nights=2, arrival=ARRIVAL + dt.timedelta(days=30))
        make_reservation(guest=guest, nights=4, status=Status.CANCELLED)

        answer = program.get(f"/guests/{guest.pk}/")

        assert answer.headers["ETag"] == '"1"'
        assert answer.json() == {
            "id": guest.pk,
            "version": 1,
            "name": "Amara Okafor",
            "phone": "+351 912 345 678",
            "email": "",
            "language": "",
            "remarks": "No feathers",
            "stays": 2,
            "last_arrival": "2027-06-02",
            "nights": 5,
            "duplicates": [same.pk],
            "merged": [],
            "merged_into": None,
        }

    def test_who_never_stayed_has_no_nights(self, program):
        guest = program.get(f"/guests/{make_guest().pk}/").json()

        assert (guest["stays"], guest["nights"], guest["last_arrival"]) == (0, 0, None)

    def test_a_merged_one_says_which_profile_was_kept_at_the_end(self, program):
        first, second, third = make_guest("A"), make_guest("B"), make_guest("C")
        guests.merge(keep=second, duplicate=first, actor=None)
        guests.merge(keep=third, duplicate=second, actor=None)

        answer = program.get(f"/guests/{first.pk}/")

        assert answer.status_code == 200
        assert (answer.json()["merged_into"], answer.json()["duplicates"]) == (third.pk, [])
        assert program.get(f"/guests/{third.pk}/").json()["merged"] == [second.pk]

    @pytest.mark.parametrize("key", ["0", "99999999999999999999"])
    def test_where_nobody_is_it_says_so(self, program, key):
        answer = program.get(f"/guests/{key}/")

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


class TestMaking:
    def test_a_profile_is_made_and_the_answer_says_where_it_is(self, program):
        answer = program.post(
            "/guests/", {"name": " Amara  Okafor ", "email": "amara@example.com", "remarks": "A\n\nB"}
        )

        made = answer.json()
        assert answer.status_code == 201
        assert (made["name"], made["email"], made["remarks"]) == ("Amara Okafor", "amara@example.com", "A\n\nB")
        assert program.client.get(answer.headers["Location"], headers=program.headers).json() == made
        assert answer.headers["ETag"] == '"1"'

    @pytest.mark.parametrize("field", list(Guest.LONGEST))
    def test_texts_are_as_long_as_the_form_lets_them_be(self, program, field):
        longest = Guest.LONGEST[field]
        text = f"amaraokafor@{'.'.join(['example' * 8] * 4)}.example.com.pt" if field == "email" else "é" * longest

        fits = program.post("/guests/", {"name": "Amara Okafor"} | {field: text})
        too_long = program.post("/guests/", {"name": "Amara Okafor"} | {field: f"x{text}"})

        assert GuestForm.base_fields[field].max_length == longest
        assert (fits.status_code, too_long.status_code) == (201, 400), fits.content
        [error] = too_long.json()["errors"]
        assert (error["field"], error["code"]) == (field, "max_length")
        assert str(longest) in error["detail"]

    @pytest.mark.parametrize("sent", [{}, {"name": None}, {"name": 3}, {"name": ["Amara"]}, {"name": ""}])
    def test_what_is_against_the_schema_is_refused(self, program, sent):
        answer = program.post("/guests/", sent)

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "name")
        assert not Guest.objects.exists()

    @pytest.mark.parametrize(
        "sent", [{"name": " "}, {"name": "\u200b "}, {"name": "a\x00"}, {"name": "A", "email": "a@"}]
    )
    def test_what_is_against_a_rule_is_refused_otherwise(self, program, sent):
        assert program.post("/guests/", sent).status_code == 422
        assert not Guest.objects.exists()

    def test_who_may_only_read_makes_none(self, alice):
        answer = Program.of(alice, "reservations:read").post("/guests/", {"name": "Amara Okafor"})

        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
        assert not Guest.objects.exists()


class TestChanging:
    def test_what_is_not_sent_stays(self, program):
        guest = make_guest("Amara Okafor", phone="111111", remarks="No feathers")

        answer = program.patch(f"/guests/{guest.pk}/", {"phone": "222222"}, if_match='"1"')

        assert answer.status_code == 200
        assert answer.headers["ETag"] == '"2"'
        guest.refresh_from_db()
        assert (guest.name, guest.phone, guest.remarks) == ("Amara Okafor", "222222", "No feathers")

    def test_a_new_name_stands_in_the_history_of_the_stays(self, program, alice):
        stay = make_reservation(guest="Amara Okafor")

        program.patch(f"/guests/{stay.guest_id}/", {"name": "Amara Silva"}, if_match='"1"')

        event = Event.objects.get()
        assert (event.reservation, event.actor, event.data["guest"]) == (stay, alice, ["Amara Okafor", "Amara Silva"])

    def test_without_a_version_nothing_is_changed(self, program):
        guest = make_guest("Amara Okafor")

        answer = program.patch(f"/guests/{guest.pk}/", {"name": "Bo Li"})

        assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")
        assert Guest.objects.get().name == "Amara Okafor"

    def test_a_stale_version_is_told_what_is_there_now(self, program):
        guest = make_guest("Amara Okafor")
        program.patch(f"/guests/{guest.pk}/", {"phone": "111111"}, if_match='"1"')

        answer = program.patch(f"/guests/{guest.pk}/", {"phone": "222222"}, if_match='"1"')

        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["code"]) == (412, 412, "changed_meanwhile")
        assert problem["now"] == {
            "id": guest.pk,
            "version": 2,
            "name": "Amara Okafor",
            "phone": "111111",
            "email": "",
            "language": "",
            "remarks": "",
        }
        assert Guest.objects.get().phone == "111111"

    def test_who_may_not_read_is_not_told_what_is_there(self, alice):
        guest = make_guest("Amara Okafor", version=2)

        answer = Program.of(alice, "reservations:write").patch(
            f"/guests/{guest.pk}/", {"phone": "222222"}, if_match='"1"'
        )

        assert answer.status_code == 412
        assert "now" not in answer.json()

    def test_the_same_change_twice_is_no_quarrel(self, program):
        guest = make_guest("Amara Okafor")

        for _ in range(2):
            answer = program.patch(f"/guests/{guest.pk}/", {"phone": "111111"}, if_match='"1"')

        assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')

    def test_a_merged_one_is_not_changed_and_names_the_one_that_was_kept(self, program):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        answer = program.patch(f"/guests/{duplicate.pk}/", {"phone": "1"}, if_match='"2"')

        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["merged_into"]) == (409, "already_merged", keep.pk)

    @pytest.mark.parametrize("sent", [{"name": None}, {"nmae": "Bo Li"}, {"version": 1}, {"merged_into": 1}, [], "x"])
    def test_what_is_no_change_of_a_profile_is_refused(self, program, sent):
        guest = make_guest("Amara Okafor")
        body = sent if isinstance(sent, dict) else '["name"]'

        assert program.patch(f"/guests/{guest.pk}/", body, if_match='"1"').status_code == 400
        assert Guest.objects.get().version == 1


class TestMerging:
    def test_two_become_one_and_two_again(self, program):
        keep = make_guest("Amara Okafor")
        stay = make_reservation(guest=make_guest("A. Okafor", phone="111111"))
        duplicate = stay.guest

        merged = program.post(f"/guests/{keep.pk}/merge/", {"duplicate": duplicate.pk}, if_match='"1"')

        assert merged.status_code == 200
        assert (merged.json()["stays"], merged.json()["phone"], merged.json()["merged"]) == (
            1,
            "111111",
            [duplicate.pk],
        )

        apart = program.post(f"/guests/{duplicate.pk}/unmerge/", if_match='"2"')

        assert apart.status_code == 200
        assert (apart.json()["stays"], apart.json()["merged_into"]) == (1, None)
        stay.refresh_from_db()
        assert stay.guest == duplicate

    def test_nobody_is_merged_with_themselves_or_twice_and_an_apart_one_is_not_taken_apart(self, program):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")

        itself = program.post(f"/guests/{keep.pk}/merge/", {"duplicate": keep.pk})
        apart = program.post(f"/guests/{keep.pk}/unmerge/")
        first, twice = (program.post(f"/guests/{keep.pk}/merge/", {"duplicate": duplicate.pk}) for _ in range(2))

        assert (itself.status_code, itself.json()["code"]) == (409, "same_guest")
        assert (apart.status_code, apart.json()["code"]) == (409, "not_merged")
        assert first.status_code == 200
        assert (twice.status_code, twice.json()["code"]) == (409, "already_merged")

    @pytest.mark.parametrize("verb", ["merge", "unmerge"])
    def test_of_a_version_that_is_none_any_more_nothing_is_merged_or_taken_apart(self, program, verb):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
        if verb == "unmerge":
            guests.merge(keep=keep, duplicate=duplicate, actor=None)
        target, body = (keep, {"duplicate": duplicate.pk}) if verb == "merge" else (duplicate, {})
        before = Guest.objects.get(pk=duplicate.pk).merged_into_id

        answer = program.post(f"/guests/{target.pk}/{verb}/", body, if_match='"77"')

        assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
        assert Guest.objects.get(pk=duplicate.pk).merged_into_id == before

    @pytest.mark.parametrize("sent", [{}, {"duplicate": None}, {"duplicate": "1"}, {"duplicate": True}])
    def test_the_duplicate_is_named_by_its_key(self, program, sent):
        assert program.post(f"/guests/{make_guest().pk}/merge/", sent).status_code == 400

    def test_a_duplicate_that_is_not_there_is_none(self, program):
        answer = program.post(f"/guests/{make_guest().pk}/merge/", {"duplicate": 2**40})

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "does_not_exist")
