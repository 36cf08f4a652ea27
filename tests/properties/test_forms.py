from decimal import Decimal

import pytest
from crispy_forms.utils import render_crispy_form

from properties import time_zones
from properties.forms import NewPropertyForm, PropertyForm
from properties.models import Property

FLAT = {
    "kind": "apartment",
    "name": "Garden Flat",
    "time_zone": "Europe/Lisbon",
    "check_in_time": "15:00",
    "check_out_time": "11:00",
    "currency": "EUR",
    "nightly_rate": "140",
    "hold_hours": "24",
}


def filled(**fields):
    form = NewPropertyForm(FLAT | fields)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("currency", "typed", "rate"),
    [
        ("EUR", "95,50", "95.50"),
        ("CHF", "1’250.50", "1250.50"),
        ("IDR", "125000000", "125000000"),
        ("VND", "150000000", "150000000"),
        ("KWD", "45.500", "45.500"),
        ("JPY", "12000.00", "12000"),
        ("IRR", "1000000000000", "1000000000000"),
    ],
)
def test_it_reads_a_price_of_any_currency(currency, typed, rate):
    form = filled(currency=currency, nightly_rate=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["nightly_rate"] == Decimal(rate)


@pytest.mark.parametrize(
    ("currency", "typed", "words"),
    [
        ("EUR", "1.250", "“1.250” can be read in two ways. Write 1250 or 1.25."),
        ("JPY", "12000.50", "The Japanese Yen has no cents. Write a whole number."),
        ("EUR", "", "Please fill this in. Write 0 if a night is free of charge."),
    ],
)
def test_it_asks_again_for_a_price_that_could_be_misread(currency, typed, words):
    assert filled(currency=currency, nightly_rate=typed).errors["nightly_rate"] == [words]


def test_a_price_stands_in_the_form_as_it_would_be_typed():
    form = PropertyForm.of(Property(kind="hotel", currency="KWD", nightly_rate=Decimal("45.5000")))

    assert form["nightly_rate"].value() == "45.500"


def test_a_currency_that_is_gone_is_not_replaced_by_the_first_of_the_list():
    form = PropertyForm.of(Property(kind="hotel", currency="BGN", nightly_rate=Decimal(90)))

    assert '<option value="BGN" selected>' in str(form["currency"])


@pytest.mark.parametrize("typed", ["Europe/Lisbon", "europe/lisbon", "Lisbon", " lisbon "])
def test_it_knows_a_time_zone_by_its_city(typed):
    assert filled(time_zone=typed).cleaned_data["time_zone"] == "Europe/Lisbon"


@pytest.mark.parametrize("typed", ["Lissabon", "GMT+25", "../etc/passwd", "Etc/GMT+3", "posixrules", "a\x00b"])
def test_it_refuses_what_is_no_time_zone_of_a_place(typed):
    assert filled(time_zone=typed).errors["time_zone"]


def test_it_does_not_guess_between_two_cities_of_one_name():
    assert time_zones.find("Louisville") is None
    assert time_zones.find("America/Louisville") == "America/Louisville"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("kind", "castle"),
        ("currency", "XXX"),
        ("check_in_time", "25:00"),
        ("check_in_time", "noon"),
        ("name", "\u200b\u200d"),
        ("name", "N" * 121),
        ("name", "Garden\x07Flat"),
        ("description", "D" * 4001),
    ],
)
def test_it_says_beside_the_field_what_cannot_be(field, typed):
    assert list(filled(**{field: typed}).errors) == [field]


def test_it_forgets_rooms_typed_before_the_kind_became_apartment():
    form = filled(kind="apartment", rooms="118-101")

    assert form.is_valid()
    assert form.cleaned_data["rooms"] == []


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("sleeps", "0", "Write a whole number of guests, 1 or more."),
        ("min_nights", "a week", "Write a whole number of nights."),
        ("max_nights", "1000", "At most 999 nights."),
        ("hold_hours", "", "Please fill this in."),
        ("hold_hours", "721", "At most 720 hours."),
    ],
)
def test_it_says_beside_a_limit_what_cannot_be(field, typed, words):
    assert filled(**{field: typed}).errors == {field: [words]}


def test_the_longest_stay_is_not_below_the_shortest():
    assert filled(min_nights="3", max_nights="2").errors == {
        "max_nights": ["The longest stay is shorter than the shortest one."]
    }
    assert filled(min_nights="3", max_nights="3").is_valid()


def test_limits_left_empty_are_none():
    assert filled().cleaned_data["sleeps"] is None
    assert filled(sleeps="4", min_nights="2").cleaned_data["min_nights"] == 2


def test_a_hotel_is_not_asked_what_it_sleeps():
    form = filled(kind="hotel", rooms="101", sleeps="many")

    assert form.is_valid()
    assert form.cleaned_data["sleeps"] is None
    assert "sleeps" not in PropertyForm.of(Property(kind="hotel")).fields
    assert "sleeps" in PropertyForm.of(Property(kind="apartment")).fields


def test_a_hotels_form_is_drawn_without_what_it_is_not_asked():
    page = render_crispy_form(PropertyForm.of(Property(kind="hotel", nightly_rate=Decimal(90))))

    assert "Shortest stay" in page
    assert "Sleeps" not in page
    assert "asteriskField" not in page
