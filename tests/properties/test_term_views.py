"""The pages of room types and of the rate table."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from properties import rates
from properties.models import Rate, RoomType
from tests.factories import eur, make_apartment, make_hotel, make_rate, make_room_type

pytestmark = pytest.mark.django_db

DOUBLE = {"name": "Double", "sleeps": "2", "nightly_rate": "118", "min_nights": "2", "max_nights": ""}
WEEKEND = {"name": "Weekend", "weekdays": ["5", "6"], "nightly_rate": "134.50"}
ARCHIVED = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def html(response):
    return response.content.decode()


def htmx(target):
    return {"HX-Request": "true", "HX-Target": target}


def queries_of(desk, address):
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


class TestHotelsPage:
    def test_a_hotel_without_types_is_told_when_to_add_one(self, desk):
        page = html(desk.get(f"/properties/{make_hotel().pk}/"))

        assert "All rooms are sold alike, at €90.00 a night." in page
        assert 'class="room-group"' not in page

    def test_it_lists_types_and_groups_rooms_by_them(self, desk):
        hotel = make_hotel(["101", "201", "301"])
        suite = make_room_type(hotel, "Suite", nightly_rate=Decimal("240"), sleeps=4, min_nights=2, position=1)
        double = make_room_type(hotel, "Double")
        hotel.units.filter(name="101").update(room_type=suite)
        hotel.units.filter(name="201").update(room_type=double, floor="2")

        page = html(desk.get(f"/properties/{hotel.pk}/"))

        for fact in ("€240.00", "2 nights or more", "floor 2", "1 <span"):
            assert fact in page
        order = [">201</bdi>", ">101</bdi>", "No room type", ">301</bdi>"]
        assert [page.index(each) for each in order] == sorted(page.index(each) for each in order)

    def test_an_apartments_page_has_its_terms_and_no_types(self, desk):
        flat = make_apartment(sleeps=4, min_nights=2, max_nights=21, hold_hours=48)

        page = html(desk.get(f"/properties/{flat.pk}/"))

        for fact in ("<dd>4</dd>", "2 to 21 nights", "for 48 hours", f"/properties/{flat.pk}/rates/"):
            assert fact in page
        assert "Room types" not in page

    def test_the_number_of_queries_does_not_grow_with_the_types(self, desk):
        small, large = make_hotel(["1"]), make_hotel([str(number) for number in range(30)])
        make_room_type(small)
        for number, unit in enumerate(large.units.all()):
            unit.room_type = make_room_type(large, f"Type {number}")
            unit.save()

        assert queries_of(desk, f"/properties/{small.pk}/") == queries_of(desk, f"/properties/{large.pk}/")

    def test_rooms_are_added_with_type_and_floor_and_the_counts_follow(self, desk):
        hotel = make_hotel([])
        double = make_room_type(hotel)

        fields = {"rooms": "101–102", "room_type": double.pk, "floor": "1"}
        response = desk.post(f"/properties/{hotel.pk}/rooms/", fields, headers=htmx("rooms"))

        assert [(unit.room_type, unit.floor) for unit in hotel.units.all()] == [(double, "1")] * 2
        assert 'hx-swap-oob="true"' in html(response)
        assert "2 <span" in html(response)

    def test_a_room_gets_type_and_floor(self, desk):
        hotel = make_hotel(["101"])
        double, room = make_room_type(hotel), hotel.units.get()

        fields = {"name": "101", "room_type": double.pk, "floor": "1"}
        page = html(desk.post(f"/properties/rooms/{room.pk}/edit/", fields, follow=True))

        room.refresh_from_db()
        assert (room.room_type, room.floor) == (double, "1")
        assert "Room 101 is saved." in page

    def test_another_hotels_type_is_refused_beside_the_field(self, desk):
        hotel, foreign = make_hotel(["101"]), make_room_type(make_hotel())
        make_room_type(hotel)

        fields = {"name": "101", "room_type": foreign.pk}
        response = desk.post(f"/properties/rooms/{hotel.units.get().pk}/edit/", fields)

        assert response.status_code == 422
        assert "Choose another one." in html(response)


class TestRoomTypePages:
    def test_a_type_is_added_with_its_rooms(self, desk):
        hotel = make_hotel(["101", "102", "201"])
        rooms = [unit.pk for unit in hotel.units.filter(name__startswith="10")]

        response = desk.post(f"/properties/{hotel.pk}/room-types/new/", DOUBLE | {"rooms": rooms})

        double = RoomType.objects.get()
        assert response["Location"] == f"/properties/{hotel.pk}/"
        assert (double.sleeps, double.nightly_rate, double.min_nights, double.max_nights) == (2, 118, 2, None)
        assert [unit.name for unit in double.units.all()] == ["101", "102"]

    @pytest.mark.parametrize(
        ("typed", "names"),
        [
            ("101–103", ["101", "102", "103"]),
            ("garden suite, 102", ["102", "Garden Suite"]),
            ("The rest", ["102", "103", "Garden Suite"]),
            ("101, all others", ["101", "102", "103", "Garden Suite"]),
        ],
    )
    def test_its_rooms_are_typed_as_a_list(self, desk, typed, names):
        hotel = make_hotel(["101", "102", "103", "Garden Suite"])
        hotel.units.filter(name="101").update(room_type=make_room_type(hotel, "Suite"))

        desk.post(f"/properties/{hotel.pk}/room-types/new/", DOUBLE | {"named": typed})

        assert [unit.name for unit in RoomType.objects.get(name="Double").units.order_by("name")] == names

    def test_what_is_typed_is_added_to_what_is_ticked(self, desk):
        hotel = make_hotel(["101", "102", "103"])
        ticked = hotel.units.get(name="103")

        desk.post(f"/properties/{hotel.pk}/room-types/new/", DOUBLE | {"named": "101, 103", "rooms": [ticked.pk]})

        assert [unit.name for unit in RoomType.objects.get().units.order_by("name")] == ["101", "103"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("101–104", "There is no room 103, 104 in this hotel."),
            ("103–101", "“103–101” runs backwards."),
            ("101, 101", "You wrote 101 more than once."),
        ],
    )
    def test_rooms_that_are_not_there_are_named_and_what_was_typed_stays(self, desk, typed, words):
        hotel = make_hotel(["101", "102"])

        response = desk.post(f"/properties/{hotel.pk}/room-types/new/", DOUBLE | {"named": typed})

        assert response.status_code == 422
        assert words in html(response)
        assert f'value="{typed}"' in html(response)

    def test_a_type_is_changed_and_says_that_prices_are_kept(self, desk):
        hotel = make_hotel(["101", "102"])
        double, suite = make_room_type(hotel), make_room_type(hotel, "Suite")
        hotel.units.update(room_type=suite)
        address = f"/properties/room-types/{double.pk}/edit/"

        page = html(desk.get(address))
        taken = hotel.units.get(name="102")
        saved = html(desk.post(address, DOUBLE | {"nightly_rate": "125", "rooms": [taken.pk]}, follow=True))

        double.refresh_from_db()
        taken.refresh_from_db()
        assert "102 (Suite)" in page
        assert (double.nightly_rate, taken.room_type) == (125, double)
        assert "Stays that are booked keep their price." in saved

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("name", "", "Please fill this in."),
            ("name", "suite", "already has a room type called suite"),
            ("sleeps", "0", "Write a whole number of guests, 1 or more."),
            ("sleeps", "two", "Write a whole number of guests."),
            ("sleeps", "100", "At most 99 guests."),
            ("nightly_rate", "1,50", "The Japanese Yen has no cents. Write a whole number."),
            ("nightly_rate", "99.50", "The Japanese Yen has no cents. Write a whole number."),
            ("max_nights", "1", "The longest stay is shorter than the shortest one."),
            ("rooms", ["999999"], "One of these rooms was archived meanwhile."),
        ],
    )
    def test_it_says_beside_the_field_what_cannot_be(self, desk, field, typed, words):
        hotel = make_hotel(["101"], currency="JPY")
        make_room_type(hotel, "Suite")

        response = desk.post(
            f"/properties/{hotel.pk}/room-types/new/", DOUBLE | {field: typed}, headers=htmx("room-type-form")
        )

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert words in html(response)
        assert "<html" not in html(response)
        assert RoomType.objects.count() == 1

    def test_removing_asks_first_and_says_why_not(self, desk):
        hotel = make_hotel(["101"])
        double = make_room_type(hotel)
        hotel.units.update(room_type=double)
        address = f"/properties/room-types/{double.pk}/remove/"

        assert "Remove room type" in html(desk.get(address))
        refused = desk.post(address)
        hotel.units.update(room_type=None)
        removed = desk.post(address, follow=True)

        assert refused.status_code == 409
        assert "Double still has 1 room." in html(refused)
        assert "The room type Double is removed." in html(removed)
        assert not RoomType.objects.exists()

    def test_an_apartment_has_no_such_page(self, desk):
        assert desk.get(f"/properties/{make_apartment().pk}/room-types/new/").status_code == 404

    def test_an_archived_hotels_types_are_only_read(self, desk):
        hotel = make_hotel(["101"], archived_at=ARCHIVED)
        double = make_room_type(hotel)

        page = html(desk.get(f"/properties/{hotel.pk}/"))
        refused = desk.post(f"/properties/room-types/{double.pk}/edit/", DOUBLE)

        assert "room-types/" not in page
        assert refused.status_code == 409


class TestRateTable:
    @pytest.fixture(autouse=True)
    def on_a_monday(self):
        with time_machine.travel("2027-05-03 10:00Z", tick=False):
            yield

    def test_an_empty_table_says_what_that_means(self, desk):
        page = html(desk.get(f"/properties/{make_apartment().pk}/rates/"))

        assert "Every night costs the ordinary price." in page

    def test_lines_are_told_in_words(self, desk):
        hotel = make_hotel()
        double = make_room_type(hotel)
        season = {"first_night": dt.date(2027, 6, 1), "last_night": dt.date(2027, 8, 31)}
        make_rate(hotel, "Summer", room_type=double, weekdays=[1, 2, 3, 4, 7], **season)
        make_rate(hotel, "Last year", last_night=dt.date(2027, 5, 2))
        make_rate(hotel, "Weekend", weekdays=[5, 6], nightly_rate=Decimal("134.50"))

        page = html(desk.get(f"/properties/{hotel.pk}/rates/"))

        for fact in ("1 Jun 2027 – 31 Aug 2027", "Mon–Thu, Sun", "Fri, Sat", "until 2 May 2027", "€134.50", "Over"):
            assert fact in page

    def test_the_preview_shows_which_line_counts_in_the_next_fourteen_nights(self, desk):
        hotel = make_hotel(["101"], nightly_rate=Decimal("90"))
        double = make_room_type(hotel, nightly_rate=Decimal("118"))
        make_rate(hotel, "Weekend", room_type=double, weekdays=[5, 6], nightly_rate=Decimal("134.50"))

        preview = desk.get(f"/properties/{hotel.pk}/rates/").context["preview"]

        (room_type, of_double), (none, of_untyped) = preview
        assert (room_type, none) == (double, None)
        assert of_double.rates == [eur(118)] * 4 + [eur("134.50")] * 2 + [eur(118)] * 5 + [eur("134.50")] * 2 + [
            eur(118)
        ]
        assert of_untyped.rates == [eur(90)] * 14
        assert of_double.nights[0].date == dt.date(2027, 5, 3)

    def test_the_preview_turns_to_other_nights_in_place(self, desk):
        flat = make_apartment()

        response = desk.get(f"/properties/{flat.pk}/rates/?first=2027-12-20", headers=htmx("rate-preview"))

        assert "<html" not in html(response)
        assert "20 Dec" in html(response)
        assert "?first=2028-01-03" in html(response)

    @pytest.mark.parametrize("first", ["yesterday", "9999-12-31", "0001-01-01", "2027-02-30"])
    def test_what_is_no_night_shows_the_next_ones(self, desk, first):
        assert "3 May" in html(desk.get(f"/properties/{make_apartment().pk}/rates/?first={first}"))

    def test_the_number_of_queries_does_not_grow_with_the_table(self, desk):
        small, large = make_hotel(), make_hotel()
        make_rate(small, room_type=make_room_type(small))
        for number in range(10):
            room_type = make_room_type(large, f"Type {number}")
            for name in ("Weekend", "Summer"):
                make_rate(large, name, room_type=room_type)

        assert queries_of(desk, f"/properties/{small.pk}/rates/") == queries_of(desk, f"/properties/{large.pk}/rates/")

    def test_a_line_is_added_changed_and_removed(self, desk):
        hotel = make_hotel()
        double = make_room_type(hotel)

        fields = WEEKEND | {"room_type": double.pk, "first_night": "2027-06-01", "last_night": "2027-08-31"}
        added = desk.post(f"/properties/{hotel.pk}/rates/new/", fields)
        line = Rate.objects.get()
        assert added["Location"] == f"/properties/{hotel.pk}/rates/"
        assert (line.room_type, line.weekdays, line.nightly_rate) == (double, [5, 6], Decimal("134.50"))
        assert 'value="1 Jun 2027"' in html(desk.get(f"/properties/rates/{line.pk}/edit/"))

        desk.post(f"/properties/rates/{line.pk}/edit/", WEEKEND | {"name": "Late week", "weekdays": ["7"]})
        line.refresh_from_db()
        assert (line.name, line.weekdays, line.room_type, line.first_night) == ("Late week", [7], None, None)

        assert "Remove" in html(desk.get(f"/properties/rates/{line.pk}/remove/"))
        page = html(desk.post(f"/properties/rates/{line.pk}/remove/", follow=True))
        assert "Late week is removed from the rate table." in page
        assert not Rate.objects.exists()

    def test_a_line_that_makes_a_type_much_cheaper_is_asked_about_once(self, browser):
        hotel = make_hotel()
        make_room_type(hotel, nightly_rate=118)
        make_room_type(hotel, "Suite", nightly_rate=180)
        hotel.units.update(room_type=hotel.room_types.get(name="Double"))
        winter = {"Name": "Winter", "First night": "2027-12-01", "Last night": "2027-12-20"}
        page = browser.get(f"/properties/{hotel.pk}/rates/new/")

        asked = page.press("Add line", winter | {"Price per night in EUR": "120"})

        assert asked.status_int == 422
        assert "Suite costs €180.00 on Wed 1 Dec 2027 and would cost €120.00." in asked.shown
        assert "Double costs" not in asked.shown
        assert not Rate.objects.exists()
        other = asked.press("Add line nevertheless", {"Price per night in EUR": "100"})
        assert "would cost €100.00." in other.shown  # another price than the one that was asked about
        assert other.press("Add line nevertheless").status_int == 302
        assert Rate.objects.get().nightly_rate == 100

    def test_a_changed_line_is_compared_with_what_it_says_today(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        line = make_rate(flat, "Event", nightly_rate=300)
        address = f"/properties/rates/{line.pk}/edit/"

        assert browser.get(address).press("Save line", {"Name": "Festival"}).status_int == 302
        asked = browser.get(address).press("Save line", {"Price per night in EUR": "30"})

        assert "Garden Flat costs €300.00 on Mon 3 May 2027 and would cost €30.00." in asked.shown
        assert asked.press("Save line nevertheless").status_int == 302

    @pytest.mark.parametrize(
        ("fields", "price"),
        [
            ({}, 81),
            ({}, 180),
            ({"first_night": dt.date(2026, 5, 1), "last_night": dt.date(2027, 5, 2)}, 1),
            ({"first_night": dt.date(2027, 8, 1), "last_night": dt.date(2027, 7, 1)}, 1),
        ],
    )
    def test_usual_prices_and_seasons_without_a_night_to_come_are_not_asked_about(self, fields, price):
        flat = make_apartment(nightly_rate=100)

        assert rates.jumps(Rate(property=flat, name="Line", nightly_rate=Decimal(price), **fields)) == []

    def test_only_nights_that_the_line_prices_are_compared(self):
        flat = make_apartment(nightly_rate=100)
        make_rate(flat, "Festival", first_night=dt.date(2027, 5, 3), last_night=dt.date(2027, 5, 9), nightly_rate=300)

        weekend = Rate(property=flat, name="Weekend", weekdays=[5, 6], nightly_rate=Decimal(20))

        [jump] = rates.jumps(weekend)
        assert (jump.date, jump.before, jump.after) == (dt.date(2027, 5, 14), eur(100), eur(20))

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"name": ""}, "Please fill this in."),
            ({"nightly_rate": "99.50"}, "The Japanese Yen has no cents."),
            ({"first_night": "2027-06-02", "last_night": "2027-06-01"}, "This season ends before it begins."),
            ({"first_night": "in June"}, "Write a day such as 5 dec"),
            ({"room_type": "999999"}, "This room type was removed meanwhile."),
            ({"weekdays": ["8"]}, "Tick days of the week."),
        ],
    )
    def test_it_says_beside_the_field_what_cannot_be(self, desk, fields, words):
        hotel = make_hotel(currency="JPY")
        make_room_type(hotel)

        response = desk.post(
            f"/properties/{hotel.pk}/rates/new/", WEEKEND | {"nightly_rate": "120"} | fields, headers=htmx("rate-form")
        )

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [list(fields)[-1]]
        assert words in html(response)
        assert not Rate.objects.exists()

    def test_an_apartments_line_asks_for_no_room_type(self, desk):
        flat = make_apartment()

        assert "All room types" not in html(desk.get(f"/properties/{flat.pk}/rates/new/"))
        desk.post(f"/properties/{flat.pk}/rates/new/", WEEKEND)
        assert Rate.objects.get().property == flat

    def test_an_archived_propertys_table_is_only_read(self, desk):
        flat = make_apartment(archived_at=ARCHIVED)
        line = make_rate(flat)

        page = html(desk.get(f"/properties/{flat.pk}/rates/"))
        refused = desk.post(f"/properties/{flat.pk}/rates/new/", WEEKEND)

        assert "Weekend" in page
        assert f"/properties/rates/{line.pk}/" not in page
        assert refused.status_code == 409

    def test_the_forms_are_drawn_as_the_other_forms_are(self, desk):
        hotel = make_hotel()
        make_room_type(hotel)
        flat = make_apartment()

        for address in (f"/properties/{place.pk}/rates/new/" for place in (hotel, flat)):
            page = html(desk.get(address))
            assert '<fieldset class="ticks' in page
            assert "asteriskField" not in page  # what crispy draws for a form whose helper failed

    @pytest.mark.parametrize("address", ["/properties/rates/9/edit/", "/properties/room-types/9/edit/"])
    def test_what_is_not_there_is_a_404(self, desk, address):
        assert desk.get(address).status_code == 404

    def test_names_are_shown_and_never_run(self, desk):
        nasty = "<img src=x onerror=alert(1)>"
        hotel = make_hotel(["101"])
        line = make_rate(hotel, nasty, room_type=make_room_type(hotel, nasty))

        addresses = [f"/properties/{hotel.pk}/", f"/properties/{hotel.pk}/rates/"]
        addresses += [f"/properties/rates/{line.pk}/{page}/" for page in ("edit", "remove")]
        addresses += [f"/properties/room-types/{line.room_type_id}/{page}/" for page in ("edit", "remove")]
        for address in addresses:
            assert "<img" not in html(desk.get(address))
