"""The box: what it finds, and in which order."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import booking, guests
from reservations.booking import lifecycle
from reservations.models import Reservation
from reservations.search import search
from reservations.stay import Stay
from reservations.wording import short_span
from tests.factories import make_apartment, make_guest, make_hotel, make_reservation
from tests.notes.notes import make_typed

pytestmark = pytest.mark.django_db


def found(text, most=5):
    """{title of the group: [(title of the hit, its words)]}."""
    return {
        group.title: [(hit.title, hit.words) for hit in group.hits] or group.problem
        for found in [search(text, actor=None, most=most)]
        for group in (*found.groups, *found.further)
    }


def titles(text, group):
    return [title for title, _ in found(text).get(group, [])]


@pytest.fixture
def hotel():
    return make_hotel(["302", "303", "3021"], name="Harbour Hotel")


def room(hotel, name):
    return hotel.units.get(name=name)


class TestRooms:
    def test_a_number_says_who_sleeps_there_and_who_comes_next(self, hotel):
        today = hotel.today()
        unit = room(hotel, "302")
        inside = make_reservation(unit=unit, arrival=today, nights=2, guest="Maria Silva")
        make_reservation(unit=unit, arrival=today + dt.timedelta(days=9), nights=2, guest="Later Still")
        make_reservation(unit=unit, arrival=today + dt.timedelta(days=4), nights=2, guest="Tom Hughes")
        lifecycle.check_in(reservation=inside, actor=None)

        [(first, words), (second, next_words)] = found("302")["Rooms"]

        assert (first, second) == ("Maria Silva", "Tom Hughes")
        assert words.startswith("room 302 now, until ")
        assert next_words.startswith("room 302 next, ")

    @pytest.mark.parametrize("text", ["room 303", "Zimmer 303", "303", "quarto 303"])
    def test_a_room_that_is_empty_is_offered_for_tonight(self, hotel, text):
        [(title, words)] = found(text)["Rooms"]

        assert title == "Room 303"
        assert "nobody is there" in words

    def test_a_party_that_has_not_left_is_in_it_and_tonights_arrival_comes_next(self, hotel):
        today, unit = hotel.today(), room(hotel, "302")
        late = make_reservation(unit=unit, arrival=today - dt.timedelta(days=2), nights=1, guest="Still There")
        Reservation.objects.filter(pk=late.pk).update(status="in_house")
        make_reservation(unit=unit, arrival=today, nights=1, guest="Arrives Tonight")

        [(first, words), (second, next_words)] = found("302")["Rooms"]

        assert (first, second) == ("Still There", "Arrives Tonight")
        assert "has not left" in words
        assert "from today" in next_words

    def test_a_closed_room_says_why(self, hotel):
        stay = Stay.of_nights(hotel.today(), 3)
        booking.close(unit=room(hotel, "302"), stay=stay, kind="out_of_order", note="The shower leaks", actor=None)

        [(title, words)] = found("302")["Rooms"]

        assert title == "Room 302"
        assert words.startswith("out of order, ")
        assert words.endswith("The shower leaks")

    def test_the_beginning_of_a_number_finds_rooms_and_the_whole_number_one(self, hotel):
        assert len(found("30")["Rooms"]) == 3
        assert titles("302", "Rooms") == ["Room 302"]

    def test_an_apartment_is_found_by_its_name(self):
        make_apartment("Garden Flat")

        assert titles("garden", "Rooms") == ["Garden Flat"]

    def test_archived_rooms_are_not_found(self, hotel):
        hotel.units.update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

        assert "Rooms" not in found("302")


class TestRoomAndGuest:
    @pytest.fixture
    def muller(self, hotel):
        stay = make_reservation(unit=room(hotel, "302"), arrival=hotel.today(), nights=2, guest="Chloé Müller")
        lifecycle.check_in(reservation=stay, actor=None)
        make_reservation(unit=room(hotel, "302"), arrival=hotel.today() + dt.timedelta(days=4), guest="Tom Hughes")
        make_reservation(unit=room(hotel, "303"), arrival=hotel.today(), guest="Jan Müller")
        return stay

    @pytest.mark.usefixtures("muller")
    @pytest.mark.parametrize(
        "text",
        ["muller 302", "302 muller", "Müller room 302", "zimmer 302 müller", "chloe muller 302", "302 muller chloe"],
    )
    def test_a_name_beside_a_room_finds_the_stay_in_it(self, text):
        [(title, words)] = found(text)["Rooms"]

        assert title == "Chloé Müller"
        assert words.startswith("room 302 now, until ")

    @pytest.mark.usefixtures("muller")
    def test_stays_to_come_are_found_and_who_is_there_is_first(self, hotel):
        later = make_reservation(
            unit=room(hotel, "302"), arrival=hotel.today() + dt.timedelta(days=9), guest="Eva Müller"
        )

        (_, _), (title, words) = found("muller 302")["Rooms"]

        assert (title, words) == ("Eva Müller", f"room 302, {short_span(later.stay)}")

    @pytest.mark.usefixtures("muller")
    def test_the_beginning_of_the_room_is_enough_while_one_types(self):
        assert titles("muller 30", "Rooms") == ["Chloé Müller", "Jan Müller"]

    @pytest.mark.usefixtures("muller")
    def test_a_guest_in_another_room_is_not_found(self, hotel):
        assert "Rooms" not in found("muller 3021")
        assert "Rooms" not in found("hughes 303")

    def test_a_party_that_has_not_left_is_found(self, hotel):
        arrival = hotel.today() - dt.timedelta(days=2)
        late = make_reservation(unit=room(hotel, "303"), arrival=arrival, nights=1, guest="Al Te")
        Reservation.objects.filter(pk=late.pk).update(status="in_house")

        [(title, words)] = found("al te 303")["Rooms"]

        assert title == "Al Te"
        assert words.startswith("room 303 now, has not left")

    def test_a_stay_that_is_over_is_not_found(self, hotel):
        make_reservation(unit=room(hotel, "303"), arrival=hotel.today() - dt.timedelta(days=9), guest="Al Te")

        assert "Rooms" not in found("te al 303")

    def test_an_apartment_has_a_name_of_several_words(self):
        flat = make_apartment("Garden Flat")
        make_reservation(flat, arrival=flat.today(), guest="Ana Silva")

        assert titles("silva garden flat", "Rooms") == ["Ana Silva"]
        assert titles("garden silva", "Rooms") == ["Ana Silva"]

    def test_a_room_of_exactly_this_name_counts_before_many_that_begin_like_it(self):
        hotel = make_hotel([*(f"1{number}" for number in range(10, 60)), "1"])
        make_reservation(unit=room(hotel, "1"), arrival=hotel.today(), guest="Ana Silva")
        make_reservation(unit=room(hotel, "110"), arrival=hotel.today(), guest="Rui Silva")

        assert titles("silva 1", "Rooms") == ["Ana Silva"]

    def test_what_is_surely_a_date_is_no_guest_in_a_room(self, hotel):
        make_reservation(unit=room(hotel, "303"), arrival=hotel.today(), guest="Dec Nights")

        assert list(found("3 dec")) == ["Find a room"]

    def test_it_takes_as_many_queries_for_many_guests(self, hotel):
        make_reservation(unit=room(hotel, "302"), arrival=hotel.today(), guest="Ana Silva")
        with CaptureQueriesContext(connection) as few:
            assert titles("silva 302", "Rooms")
        for week in range(1, 9):
            arrival = hotel.today() + dt.timedelta(days=7 * week)
            make_reservation(unit=room(hotel, "302"), arrival=arrival, guest=f"Ana Silva {week}")
        with CaptureQueriesContext(connection) as many:
            assert len(titles("silva 302", "Rooms")) == 5

        assert len(many) == len(few)


def test_rooms_are_found_by_an_index(hotel):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO properties_unit (property_id, name, floor, position)"
            " SELECT %s, 'Z' || n, '', 0 FROM generate_series(1000, 9000) n",
            [hotel.pk],
        )
        cursor.execute("ANALYZE properties_unit")

    for text in ("302", "muller 302"):
        with CaptureQueriesContext(connection) as asked:
            search(text, actor=None, most=5)
        units = [query["sql"] for query in asked if 'FROM "properties_unit"' in query["sql"]]
        assert units
        with connection.cursor() as cursor:
            for query in units:
                cursor.execute(f"EXPLAIN {query}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert "unit_by_beginning_of_name" in plan, plan
                assert "Seq Scan on properties_unit" not in plan, plan


class TestPeople:
    def test_stays_in_the_house_come_first_then_those_to_come_and_no_past_ones(self, hotel):
        today = hotel.today()
        make_reservation(unit=room(hotel, "303"), arrival=today + dt.timedelta(days=5), guest="Ana Silva")
        make_reservation(unit=room(hotel, "303"), arrival=today - dt.timedelta(days=9), nights=2, guest="Old Silva")
        inside = make_reservation(unit=room(hotel, "302"), arrival=today, guest="Rui Silva")
        lifecycle.check_in(reservation=inside, actor=None)

        assert titles("silva", "In house and to come") == ["Rui Silva", "Ana Silva"]
        assert titles("silva", "Guests") == ["Rui Silva", "Old Silva", "Ana Silva"]

    def test_who_is_late_is_to_come_and_at_most_so_many_are_shown(self, hotel):
        today = hotel.today()
        make_reservation(unit=room(hotel, "302"), arrival=today - dt.timedelta(days=2), nights=9, guest="Late Silva")
        inside = make_reservation(unit=room(hotel, "303"), arrival=today, guest="Rui Silva")
        lifecycle.check_in(reservation=inside, actor=None)

        assert titles("silva", "In house and to come") == ["Rui Silva", "Late Silva"]
        found = search("silva", actor=None, most=1)
        [first] = [group for group in found.groups if group.title == "In house and to come"]
        assert [hit.title for hit in first.hits] == ["Rui Silva"]

    @pytest.mark.parametrize("text", ["912 345 678", "+351912345678", "00351 912-345-678", "5678"])
    def test_a_telephone_number_is_found_in_any_form(self, text):
        make_apartment()  # in Portugal, for numbers without a country code
        make_guest("Maria Silva", phone="+351 912 345 678")

        assert titles(text, "Guests") == ["Maria Silva"]

    def test_three_digits_are_a_room_and_no_part_of_a_telephone_number(self, hotel):
        make_guest("Maria Silva", phone="+351 912 302 678")

        assert list(found("302")) == ["Rooms"]

    def test_a_reference_is_found_whole_and_by_its_beginning(self):
        stay = make_reservation(guest="Maria Silva")
        code = stay.reference.removeprefix("RT-")

        for text in (stay.reference, stay.reference.lower(), code, code[:3], f"rt{code}"):
            assert titles(text, "Reference") == ["Maria Silva"]


class TestWords:
    def test_the_reason_of_a_closure_and_remarks_about_guests_are_searched(self, hotel):
        stay = Stay.of_nights(hotel.today(), 3)
        unit = room(hotel, "302")
        booking.close(unit=unit, stay=stay, kind="out_of_order", note="The Shöwer leaks into 104", actor=None)
        make_guest("Amara Okafor", remarks="Wants a quiet room with a SHOWER, no bath.")
        hotel.description = "Each room has a shower."
        hotel.save()

        hits = found("shower")

        assert [title for title, _ in hits["Closed rooms"]] == ["Room 302"]
        assert [title for title, _ in hits["Remarks about guests"]] == ["Amara Okafor"]
        assert [title for title, _ in hits["Properties"]] == ["Harbour Hotel"]

    def test_all_words_have_to_be_there_and_reopened_closures_are_left_out(self, hotel):
        stay = Stay.of_nights(hotel.today(), 3)
        closure = booking.close(unit=room(hotel, "302"), stay=stay, kind="own_use", note="Leaking tap", actor=None)

        assert "Closed rooms" in found("tap leak")
        assert "Closed rooms" not in found("tap window")
        booking.reopen(closure=closure, actor=None)
        assert "Closed rooms" not in found("tap leak")

    def test_a_number_alone_is_not_searched_for_in_remarks(self, hotel):
        make_guest("Amara Okafor", remarks="Room 302, please")

        assert "Remarks about guests" not in found("302")

    def test_remarks_of_merged_guests_are_found_once(self):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("Amara Okafor", remarks="No feathers")
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        assert titles("feathers", "Remarks about guests") == ["Amara Okafor"]

    def test_a_long_remark_is_cut_at_a_word(self):
        make_guest("Amara Okafor", remarks="allergy " * 60)

        [(_, words)] = found("allergy")["Remarks about guests"]

        assert words.endswith("allergy …")
        assert len(words) <= 170


class TestDates:
    def test_dates_lead_to_find_a_room_filled_in(self):
        [group] = search("4 dec 2027 2n 3p", actor=None, most=5).groups
        [hit] = group.hits

        assert group.title == "Find a room"
        assert (hit.title, hit.words) == ("Sat 4 Dec 2027 – Mon 6 Dec 2027", "2 nights, 3 guests")
        asked = urlsplit(hit.address)
        assert asked.path == "/find/"
        assert parse_qs(asked.query) == {"arrival": ["2027-12-04"], "nights": ["2"], "party_size": ["3"]}

    def test_a_day_that_does_not_exist_is_said(self):
        assert found("31 feb") == {"Find a room": "There is no 31 February."}

    def test_what_may_be_a_name_is_a_guest_first(self):
        make_guest("Mar Lopez")

        assert list(found("mar")) == ["Guests", "Find a room"]

    def test_what_is_surely_a_date_is_a_guest_last_and_no_guest_if_there_are_several_words(self):
        make_guest("Morgen Zwei")

        assert list(found("morgen")) == ["Find a room", "Guests"]
        assert list(found("morgen zwei nächte")) == ["Find a room"]


def test_nothing_is_found_by_a_letter_alone_and_by_nonsense():
    make_guest("A B")

    assert found("a") == {}
    assert found("xqzw") == {}


def test_each_kind_has_at_most_so_many_hits_and_says_where_all_are():
    for number in range(4):
        make_guest(f"Maria {number}")

    [group] = search("maria", actor=None, most=3).groups

    assert len(group.hits) == 3
    assert group.more == "/guests/?q=maria"


class TestPage:
    def test_what_is_found_is_in_groups_and_notes_come_last(self, desk):
        stay = make_reservation(guest="Maria Silva")
        make_typed("The boiler of Silva is broken", reservation=stay)

        page = desk.get("/search/", {"q": "silva"}).content.decode()

        places = [page.index(words) for words in ("In house and to come", ">Guests</h2>", ">Notes</h2>")]
        assert places == sorted(places)
        assert f'href="/reservations/{stay.reference}/"' in page
        assert "<mark>Silva</mark>" in page

    def test_a_note_is_found_by_its_words_and_beside_them_by_its_guest(self, desk):
        stay = make_reservation(guest="Maria Silva")
        make_typed("The boiler is broken", reservation=stay)

        for text in ("boiler", "broken boiler", "silva boiler"):
            assert ">Notes</h2>" in desk.get("/search/", {"q": text}).content.decode()
        for text in ("silva", "maria silva", "silva window"):
            assert ">Notes</h2>" not in desk.get("/search/", {"q": text}).content.decode()

    def test_the_box_gets_a_list_box_of_links(self, desk):
        stay = make_reservation(guest="Maria Silva")

        response = desk.get("/search/", {"q": "silva"}, headers={"HX-Request": "true", "HX-Target": "box-found"})
        part = response.content.decode()

        assert part.lstrip().startswith('<div role="listbox"')
        assert f'role="option" tabindex="-1" aria-selected="false" href="/reservations/{stay.reference}/"' in part

    @pytest.mark.parametrize(("text", "status"), [("", 200), (" ", 200), ("\x00", 422), ("long" * 60, 422)])
    def test_the_box_gets_an_empty_list_for_what_is_no_question(self, desk, text, status):
        response = desk.get("/search/", {"q": text}, headers={"HX-Request": "true", "HX-Target": "box-found"})

        assert response.status_code == status
        assert b"option" not in response.content
        assert (b'role="alert"' in response.content) == (status == 422)

    def test_without_a_question_it_says_what_can_be_typed(self, desk):
        page = desk.get("/search/").content.decode()

        assert "<kbd>4 dec 2n 3p</kbd>" in page
        assert 'href="/find/"' in page

    def test_what_finds_nothing_is_said_and_stays_in_the_field(self, desk):
        page = desk.get("/search/", {"q": "xqzw"}).content.decode()

        assert "Nothing is found by" in page
        assert 'value="xqzw"' in page

    def test_what_cannot_be_read_is_said(self, desk):
        response = desk.get("/search/", {"q": "x" * 201})

        assert response.status_code == 422
        assert "Keep this to 200 characters" in response.content.decode()
