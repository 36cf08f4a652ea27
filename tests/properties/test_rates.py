"""The rate table: which line counts, and who may change it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from properties import rates
from properties.inventory import Archived, ForeignRoomType
from properties.models import Property, Rate, RoomType
from properties.rates import LineGone, RateTables, SeasonRunsBackwards
from tests.factories import eur, make_apartment, make_hotel, make_rate, make_room_type

MONDAY = dt.date(2027, 5, 3)
FRIDAY, SATURDAY = dt.date(2027, 5, 7), dt.date(2027, 5, 8)
ARCHIVED = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def quote(property, room_type=None, arrival=MONDAY, nights=1):
    departure = arrival + dt.timedelta(days=nights)
    return rates.quote(property=property, room_type=room_type, arrival=arrival, departure=departure)


@pytest.mark.django_db
class TestQuote:
    def test_without_a_line_a_night_costs_what_the_room_type_says_else_the_property(self):
        hotel = make_hotel(nightly_rate=Decimal("90"))
        suite = make_room_type(hotel, nightly_rate=Decimal("180"))

        assert quote(hotel, suite, nights=2).rates == [eur(180)] * 2
        assert quote(hotel, nights=2).rates == [eur(90)] * 2
        assert quote(hotel).nights == ((MONDAY, eur(90), ""),)

    def test_it_shows_its_nights_with_the_name_of_the_line_that_counts(self):
        flat = make_apartment(nightly_rate=Decimal("140"))
        make_rate(flat, "Weekend", weekdays=[5, 6], nightly_rate=Decimal("165.50"))

        found = quote(flat, arrival=FRIDAY - dt.timedelta(days=1), nights=4)

        assert [night.name for night in found.nights] == ["", "Weekend", "Weekend", ""]
        assert found.nights[1].date == FRIDAY
        assert found.total == eur(611)

    def test_the_last_night_of_a_season_is_in_it_and_the_next_is_not(self):
        flat = make_apartment()
        make_rate(flat, "Season", first_night=MONDAY, last_night=MONDAY + dt.timedelta(days=1))

        found = quote(flat, arrival=MONDAY - dt.timedelta(days=1), nights=4)

        assert [night.name for night in found.nights] == ["", "Season", "Season", ""]

    @pytest.mark.parametrize(
        ("broad", "narrow"),
        [
            ({"first_night": SATURDAY, "last_night": SATURDAY, "weekdays": [6]}, {"is_for_the_type": True}),
            ({}, {"first_night": MONDAY}),
            ({"weekdays": [6]}, {"last_night": SATURDAY}),
            ({"first_night": MONDAY}, {"first_night": MONDAY, "last_night": dt.date(2029, 1, 1)}),
            ({"first_night": MONDAY, "last_night": SATURDAY}, {"first_night": FRIDAY, "last_night": SATURDAY}),
            ({"weekdays": [1, 2, 3, 4, 5, 6, 7]}, {"weekdays": [5, 6]}),
            ({"weekdays": [6]}, {"weekdays": [6]}),
        ],
    )
    def test_the_narrowest_line_counts_whichever_was_written_first(self, broad, narrow):
        hotel = make_hotel()
        double = make_room_type(hotel)
        is_same = broad == narrow
        for first, second in [((broad, "Broad"), (narrow, "Narrow")), ((narrow, "Narrow"), (broad, "Broad"))]:
            Rate.objects.all().delete()
            for facts, name in (first, second):
                line = dict(facts)
                make_rate(hotel, name, room_type=double if line.pop("is_for_the_type", False) else None, **line)

            assert quote(hotel, double, arrival=SATURDAY).nights[0].name == (second[1] if is_same else "Narrow")

    def test_a_line_of_another_type_or_another_property_does_not_count(self):
        hotel, other = make_hotel(), make_hotel()
        double, suite = make_room_type(hotel, "Double"), make_room_type(hotel, "Suite")
        make_rate(hotel, room_type=suite)
        make_rate(other)

        assert quote(hotel, double).nights[0].name == ""
        assert quote(hotel).nights[0].name == ""

    def test_the_tables_of_many_properties_are_one_query(self, django_assert_num_queries):
        hotels = [make_hotel([]) for _ in range(4)]
        for hotel in hotels:
            make_rate(hotel, nightly_rate=Decimal("99"))

        with django_assert_num_queries(1):
            tables = rates.tables_of(hotels)
            night = {"arrival": MONDAY, "departure": SATURDAY}
            quotes = [tables.quote(property=hotel, room_type=None, **night) for hotel in hotels]

        assert [found.total for found in quotes] == [eur(495)] * 4

    def test_a_quote_is_one_query(self, django_assert_num_queries):
        hotel = make_hotel()
        double = make_room_type(hotel)
        for number in range(20):
            make_rate(hotel, f"Line {number}", room_type=double)

        with django_assert_num_queries(1):
            quote(hotel, double, nights=30)


days = st.dates(dt.date(2027, 5, 1), dt.date(2027, 5, 21))
seasons = st.tuples(st.none() | days, st.none() | days).filter(lambda ends: not all(ends) or ends[0] <= ends[1])
lines = st.lists(st.tuples(st.sampled_from([None, 1, 2]), seasons, st.sets(st.integers(1, 7))), max_size=7)


class TestAgainstANaiveReference:
    @given(lines=lines, type_key=st.sampled_from([None, 1, 2]), date=days)
    def test_the_same_line_counts_in_a_tournament_of_pairs(self, lines, type_key, date):
        hotel = Property(pk=1, currency="EUR", nightly_rate=Decimal(90))
        table = [
            Rate(
                pk=number,
                property=hotel,
                room_type_id=key,
                name=str(number),
                first_night=first,
                last_night=last,
                weekdays=sorted(weekdays),
                nightly_rate=Decimal(100 + number),
            )
            for number, (key, (first, last), weekdays) in enumerate(lines, start=1)
        ]
        room_type = type_key and RoomType(pk=type_key, property=hotel, nightly_rate=Decimal(80))

        ordinary = {(1, None): hotel, (1, type_key): room_type or hotel}

        found = RateTables(table, ordinary).quote(
            property=hotel, room_type=room_type, arrival=date, departure=date + dt.timedelta(days=1)
        )

        best = None
        for line in table:
            if covers(line, type_key, date) and (best is None or beats(line, best)):
                best = line
        assert found.rates == [best.price if best else eur(80 if type_key else 90)]


def covers(line, type_key, date):
    for_type = line.room_type_id in (None, type_key)
    in_season = (line.first_night or dt.date.min) <= date <= (line.last_night or dt.date.max)
    return for_type and in_season and (line.weekdays == [] or date.isoweekday() in line.weekdays)


def beats(one, other):
    """The rule as it is told at the desk, one sentence after the other."""
    if (one.room_type_id is None) != (other.room_type_id is None):
        return one.room_type_id is not None
    if length(one) != length(other):
        return length(one) < length(other)
    if (len(one.weekdays) % 7 == 0) != (len(other.weekdays) % 7 == 0):
        return len(one.weekdays) % 7 != 0
    return one.pk > other.pk


def length(line):
    ends = [end for end in (line.first_night, line.last_night) if end]
    return (ends[1] - ends[0]).days if len(ends) == 2 else [float("inf"), 10.0**9][len(ends)]


@pytest.mark.django_db
class TestVerbs:
    FACTS = {"name": "Weekend", "nightly_rate": Decimal("120.00")}

    def test_a_line_is_added_changed_and_removed(self):
        hotel = make_hotel()
        double = make_room_type(hotel)

        line = rates.add_rate(actor=None, property=hotel, room_type=double, weekdays=[6, 5, 6], **self.FACTS)
        assert Rate.objects.get().weekdays == [5, 6]

        rates.change_rate(actor=None, rate=line, name="Late week", weekdays=[7, 6], first_night=MONDAY)
        line.refresh_from_db()
        assert (line.name, line.weekdays, line.first_night, line.room_type) == ("Late week", [6, 7], MONDAY, double)

        rates.remove_rate(actor=None, rate=line)
        assert not Rate.objects.exists()

    def test_a_season_that_runs_backwards_is_refused_beside_its_end(self):
        hotel = make_hotel()
        line = make_rate(hotel, first_night=MONDAY)

        with pytest.raises(SeasonRunsBackwards, match="ends before it begins") as refused:
            rates.add_rate(actor=None, property=hotel, first_night=SATURDAY, last_night=MONDAY, **self.FACTS)
        with pytest.raises(SeasonRunsBackwards):
            rates.change_rate(actor=None, rate=line, last_night=MONDAY - dt.timedelta(days=1))

        assert refused.value.field == "last_night"
        assert Rate.objects.get().last_night is None

    def test_a_season_of_one_night_is_one(self):
        assert rates.add_rate(actor=None, property=make_hotel(), first_night=MONDAY, last_night=MONDAY, **self.FACTS).pk

    def test_another_propertys_room_type_is_refused(self):
        hotel, foreign = make_hotel(), make_room_type(make_hotel(), "Suite")
        line = make_rate(hotel)

        with pytest.raises(ForeignRoomType, match="Suite is no room type of this hotel") as refused:
            rates.add_rate(actor=None, property=hotel, room_type=foreign, **self.FACTS)
        with pytest.raises(ForeignRoomType):
            rates.change_rate(actor=None, rate=line, room_type=foreign)

        assert refused.value.field == "room_type"

    def test_an_archived_propertys_table_does_not_change(self):
        flat = make_apartment("Garden Flat", archived_at=ARCHIVED)
        line = make_rate(flat)

        for attempt in (
            lambda: rates.add_rate(actor=None, property=flat, **self.FACTS),
            lambda: rates.change_rate(actor=None, rate=line, name="Other"),
            lambda: rates.remove_rate(actor=None, rate=line),
        ):
            with pytest.raises(Archived, match="Garden Flat is archived"):
                attempt()

    def test_a_line_that_was_removed_meanwhile_is_gone(self):
        line = make_rate(make_hotel(), "Weekend")
        Rate.objects.all().delete()

        with pytest.raises(LineGone, match="“Weekend” was removed meanwhile"):
            rates.change_rate(actor=None, rate=line, name="Other")
        with pytest.raises(LineGone):
            rates.remove_rate(actor=None, rate=line)

    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("rate_not_negative", {"nightly_rate": Decimal("-1")}),
            ("rate_weekdays_exist", {"weekdays": [8]}),
            ("rate_season_has_nights", {"first_night": SATURDAY, "last_night": MONDAY}),
        ],
    )
    def test_the_database_refuses_what_goes_around_the_verbs(self, constraint, facts):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            make_rate(make_hotel(), **facts)
