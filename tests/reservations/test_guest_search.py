"""Guests are found through every page and endpoint, however their names and numbers are written."""

import unicodedata

import pytest
from django.db import connection

from reservations import guests
from reservations.models import Guest
from tests.api.programs import Program
from tests.factories import make_apartment, make_guest, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

PHONE = "+49 170 1234567"


@pytest.fixture
def berlin():
    return make_hotel(time_zone="Europe/Berlin")


def found(text):
    return [guest.name for guest in Guest.objects.matching(text)]


class TestNames:
    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("王小明", ["王小明", "小明", "明", "王"]),
            ("山田太郎", ["山田", "太郎", "郎"]),
            ("김민준", ["민준", "준", unicodedata.normalize("NFD", "민준")]),
            ("やまだ旅館", ["ヤマダ", "旅館", "だ"]),
            ("ΠΑΠΑΔΟΠΟΥΛΟΣ Νίκος", ["Παπαδόπουλος", "νικος", "ΝΊΚΟΣ", "δοπουλ"]),
            ("Σταύρος Γεωργίου", ["ΣΤΑΥΡΟΣ", "ΣΤΑΎΡΟΣ ΓΕΩΡΓΊΟΥ"]),
            ("أحمد ناصر", ["احمد", "أحمد", "ناصر"]),
            ("Йосип Їжак", ["йосип", unicodedata.normalize("NFD", "ЇЖАК")]),
            ("Işık O’Brien", ["isik", "O'Brien", "ISIK"]),
            ("สมชาย ใจดี", ["ชาย", "ใจ", "ดี"]),
        ],
    )
    def test_a_part_is_found_in_any_script_both_ways(self, name, typed):
        make_guest(name), make_guest("Amara Okafor")

        assert {text: found(text) for text in typed} == {text: [name] for text in typed}

    @pytest.mark.parametrize("text", ["明小", "玉", "小明明", "ka", "mara okaf x"])
    def test_what_does_not_stand_there_is_not_found(self, text):
        make_guest("王小明"), make_guest("Amara Okafor")

        assert found(text) == []

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("ΣΤΑΥΡΟΣ ΓΕΩΡΓΙΟΥ", "Σταύρος Γεωργίου"),
            ("ΟΛΓΑ ΠΑΠΠΑΣ", "Όλγα Παππάς"),
            ("احمد", "أحمد"),
            ("Йосип", unicodedata.normalize("NFD", "йосип")),
            ("ヤマダ", "やまだ"),
        ],
    )
    def test_the_same_name_in_other_letters_is_a_likely_duplicate(self, one, other):
        one, other = make_guest(one), make_guest(other)

        assert list(Guest.objects.likely_same_as(one)) == [other]
        assert list(Guest.objects.likely_same_as(other)) == [one]


class TestTelephones:
    ASKED = ["0170 1234567", "0170/12345", "+49 (0)170 1234567", "0170-1234567", "01701234567", "170 1234567",
             "00491701234567", "+49 170 12", "\u202a+49 170 1234567\u202c", "０１７０"]  # fmt: skip

    @pytest.mark.parametrize("stored", [PHONE, "0170-1234567", "0170/1234567", "+49 (0) 170 1234567", "170 1234567"])
    def test_it_is_found_in_each_form_whichever_was_typed(self, berlin, stored):
        make_guest("Anna", phone=stored)

        assert {text: found(text) for text in self.ASKED} == {text: ["Anna"] for text in self.ASKED}

    @pytest.mark.parametrize("text", ["06 6982 1234", "6 6982 1234", "+39 06 6982 1234", "0039066982"])
    def test_a_number_of_rome_is_found_in_each_form(self, berlin, text):
        make_guest("Marco", phone="+39 06 6982 1234")

        assert found(text) == ["Marco"]

    def test_a_zero_that_is_dialled_at_home_alone_is_not_looked_for(self, berlin):
        make_guest("Rui", phone="+351 912 345 678")

        assert found("+351 (0)912") == ["Rui"]

    def test_it_is_a_likely_duplicate_whichever_form_was_typed(self, berlin):
        forms = [PHONE, "0170-1234567", "+49 (0)170 1234567"]
        people = [make_guest(f"Guest {form}", phone=form) for form in forms]
        make_guest("Other", phone="0170 1234568")

        for guest in people:
            assert set(Guest.objects.likely_same_as(guest)) == set(people) - {guest}

    def test_the_same_digits_in_another_country_are_another_number(self, berlin):
        here = make_guest("Here", phone="+49 30 1234567")
        make_guest("There", phone="+43 30 1234567")

        assert not Guest.objects.likely_same_as(here).exists()

    def test_either_of_two_numbers_finds_the_guest(self, berlin):
        make_guest("Anna", phone="+49 170 1234567 / 030 1234567")

        assert found("0170 1234567") == found("+49 30 1234567") == ["Anna"]

    def test_what_was_typed_is_kept(self, berlin):
        guest = make_guest("Anna", phone="0170/1234567")

        guest.refresh_from_db()

        assert (guest.phone, guest.phone_numbers) == ("0170/1234567", "+491701234567 01701234567")

    @pytest.mark.parametrize(
        ("phone", "dialled"),
        [
            ("0170/1234567", "+491701234567"),
            ("+49 (0)170 1234567", "+491701234567"),
            ("0049 170 1234567", "+491701234567"),
            ("+49 170 1234567 / 030 7654321", "+491701234567"),
            ("+351 (0)912", "+351912"),
            ("12", "12"),
            ("", ""),
        ],
    )
    def test_a_link_dials_it_from_anywhere(self, berlin, phone, dialled):
        assert make_guest(phone=phone).dialled == dialled

    def test_without_a_country_only_numbers_with_a_country_code_are_read(self):
        make_hotel(time_zone="UTC")

        assert make_guest(phone=PHONE).phone_numbers
        assert not make_guest(phone="0170 1234567").phone_numbers

    def test_every_way_of_writing_keeps_the_numbers(self, berlin):
        guest = make_guest("Anna", phone="0170 1234567")

        guest.phone = "0170 1111111"
        guest.save(update_fields=["phone"])
        assert found("+49 170 1111111") == ["Anna"]
        Guest.objects.update(phone="0170 2222222")
        assert (found("+49 170 2222222"), found("0170 1111111")) == (["Anna"], [])
        guest.phone = "0170 3333333"
        Guest.objects.bulk_update([guest], ["phone"])
        assert found("+49 170 3333333") == ["Anna"]
        Guest.objects.bulk_create([Guest(name="Ben", phone="0170 4444444")])
        assert found("+49 170 4444444") == ["Ben"]

    def test_a_merge_gives_a_number_and_its_undo_takes_it(self, berlin):
        keep, duplicate = make_guest("Anna"), make_guest("Anna B", phone="0170 1234567")

        guests.merge(keep=keep, duplicate=duplicate, actor=None)
        assert [guest.name for guest in Guest.objects.not_merged().matching("+49 170 1234567")] == ["Anna"]

        guests.unmerge(duplicate=Guest.objects.get(pk=duplicate.pk), actor=None)
        assert found("+49 170 1234567") == ["Anna B"]

    @pytest.mark.parametrize("typed", ["0", "00", "000", "+00", "(00)"])
    def test_zeros_alone_do_not_find_everybody(self, berlin, typed):
        make_guest("Anna", phone="0170 1111111")
        make_guest("Ben")

        assert found(typed) in ([], ["Anna"])

    def test_a_number_costs_one_query_more_however_many_guests_and_properties(self, berlin, django_assert_num_queries):
        for _ in range(3):
            make_guest(phone="0170 1234567"), make_apartment(time_zone="Europe/Rome")

        with django_assert_num_queries(2):
            assert len(found("0170 1234567")) == 3


class TestEntryPoints:
    """The same words find the same guest wherever somebody types them."""

    @pytest.fixture(autouse=True)
    def anna(self, berlin):
        guest = make_guest("王小明 Σταύρος", phone=PHONE)
        make_reservation(berlin, guest=guest)
        make_guest("Amara Okafor")
        return guest

    def guests(self, desk, q):
        return desk.get("/guests/", {"q": q}).content.decode()

    def offers(self, desk, q):
        return desk.get("/guests/offers/", {"guest": q}).content.decode()

    def reservations(self, desk, q):
        return desk.get("/reservations/", {"q": q}).content.decode()

    def program(self, desk, q):
        return str(Program.of(desk.user, "reservations:read").get("/guests/", {"q": q}).json()["results"])

    def stays_of_program(self, desk, q):
        return str(Program.of(desk.user, "reservations:read").get("/reservations/", {"q": q}).json()["results"])

    @pytest.mark.parametrize("entry_point", ["guests", "offers", "reservations", "program", "stays_of_program"])
    @pytest.mark.parametrize(
        "typed",
        ["明", "小明", "ΣΤΑΥΡΟΣ", "0170/1234567", "+49 (0)170 1234567", "\u202a+49 170 1234567\u202c",
         "\u2066小明\u2069", "\u200e0170 1234567", "\ufeff小明\u200b", "Σταύ\u200bρος"],
    )  # fmt: skip
    def test_it_finds_the_guest(self, desk, entry_point, typed):
        answer = getattr(self, entry_point)(desk, typed)

        assert "王小明 Σταύρος" in answer
        assert "Amara Okafor" not in answer


class TestPastedNumbers:
    """Telephones and messengers wrap a number in marks that nobody sees; two numbers fit into one field."""

    def by_the_guests_form(self, browser, typed):
        return browser.get("/guests/new/").press("Save", {"Name": "Anna", "Telephone": typed})

    def by_the_booking_form(self, browser, typed):
        page = browser.get(f"/reservations/new/?property={make_hotel().pk}&arrival=2027-05-03&departure=2027-05-06")
        return page.press("Reserve", {"Guest": "Anna", "Telephone": typed})

    def by_a_program(self, browser, typed):
        return Program.of(browser.user).post("/guests/", {"name": "Anna", "phone": typed})

    @pytest.mark.parametrize("entry_point", ["by_the_guests_form", "by_the_booking_form", "by_a_program"])
    @pytest.mark.parametrize(
        "marks", ["\u202a{}\u202c", "\u202d{}\u202c", "\u2066{}\u2069", "\u200e{}", "\ufeff{}\u200b"]
    )
    def test_they_are_kept_without_their_marks(self, browser, entry_point, marks):
        getattr(self, entry_point)(browser, marks.format(PHONE))

        assert Guest.objects.get(name="Anna").phone == PHONE

    @pytest.mark.parametrize("entry_point", ["by_the_guests_form", "by_the_booking_form", "by_a_program"])
    def test_two_of_them_are_kept_in_one_field(self, browser, entry_point):
        two = "+49 170 1234567 (Anna), +49 30 12345678 (home)"

        getattr(self, entry_point)(browser, two)

        assert Guest.objects.get(name="Anna").phone == two


def test_the_order_by_name_and_the_search_for_namesakes_use_an_index(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reservations_guest (name, phone, email, language, remarks, version, phone_numbers)"
            " SELECT 'Guest ' || n, '', '', '', '', 1, '' FROM generate_series(10000, 40000) n"
        )
        cursor.execute("ANALYZE reservations_guest")
    last = Guest.objects.get(name="Guest 25000")

    for after in (None, last.pk):
        plan = Guest.objects.not_merged().by_name(after=after).with_namesakes()[:51].explain()
        assert plan.count("guest_by_name") == 2, plan


def test_a_letter_of_chinese_and_a_national_number_are_found_by_the_index(berlin):
    """At a hundred thousand guests in a few milliseconds."""
    make_guest("王小明", phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reservations_guest (name, phone, email, language, remarks, version)"
            " SELECT '李' || chr(20000 + n % 9000) || chr(30000 + n % 9001), '+351 9' || n, '', '', '', 1"
            " FROM generate_series(10000, 40000) n"
        )
        cursor.execute("SELECT gin_clean_pending_list('guest_by_part_of_search')")
        cursor.execute("ANALYZE reservations_guest")

    for text in ("小明", "明", "王小", "0170 1234567", "+49 (0)170 1234567"):
        plan = Guest.objects.not_merged().matching(text).newest_first()[:51].explain()
        assert "guest_by_part_of_search" in plan, text
