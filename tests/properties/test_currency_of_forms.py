"""What was typed for one currency is not saved in another; who changes a currency is told what that leaves to do."""

from decimal import Decimal

import pytest

from properties import inventory, rates, room_types
from properties.models import Property, Rate, RoomType
from properties.money import Money
from tests.factories import make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make_hotel(["101"], name="Alpenhof", currency="CHF")


def to_euros(hotel):
    inventory.update_property(actor=None, property=Property.objects.get(pk=hotel.pk), currency="EUR")


FORMS = {
    "a new line": ("/properties/{hotel}/rates/new/", "Add line"),
    "a line": ("/properties/rates/{line}/edit/", "Save line"),
    "a new room type": ("/properties/{hotel}/room-types/new/", "Add room type"),
    "a room type": ("/properties/room-types/{kind}/edit/", "Save room type"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_price_that_was_typed_before_the_hotel_changed_its_currency_is_asked_for_again(hotel, browser, name):
    path, save = FORMS[name]
    line, kind = make_rate(hotel, nightly_rate=120), make_room_type(hotel, "Twin", nightly_rate=120)
    page = browser.get(path.format(hotel=hotel.pk, line=line.pk, kind=kind.pk))
    form = page.form_with(save).fill({"Name": "Summer", "Price per night in CHF": "95,50"})
    to_euros(hotel)

    asked = form.press(save)

    assert "Alpenhof charges in EUR now, and this price was for CHF. Write it in EUR." in asked.shown
    assert not [each for model in (Rate, RoomType) for each in model.objects.filter(name="Summer")]
    asked.press(save, {"Price per night in EUR": "97,50"})
    [saved] = [each for model in (Rate, RoomType) for each in model.objects.filter(name="Summer")]
    assert saved.price == Money(Decimal("97.50"), "EUR")


@pytest.mark.parametrize(
    "save",
    [
        lambda hotel, line, kind: rates.add_rate(
            actor=None, property=hotel, name="New", nightly_rate=95, currency="CHF"
        ),
        lambda hotel, line, kind: rates.change_rate(actor=None, rate=line, nightly_rate=95, currency="CHF"),
        lambda hotel, line, kind: room_types.add_room_type(
            actor=None, hotel=hotel, name="New", nightly_rate=95, currency="CHF"
        ),
        lambda hotel, line, kind: room_types.change_room_type(
            actor=None, room_type=kind, nightly_rate=95, currency="CHF"
        ),
    ],
)
def test_the_verb_looks_under_its_lock(hotel, save):
    line, kind = make_rate(hotel), make_room_type(hotel)
    to_euros(hotel)

    with pytest.raises(inventory.PricedInAnother):
        save(hotel, line, kind)


def test_who_changes_the_currency_is_told_what_keeps_its_number(hotel, browser):
    make_room_type(hotel)
    stay = make_reservation(hotel)

    page = browser.get(f"/properties/{hotel.pk}/edit/").press("Save changes", {"Currency": "EUR – Euro"}).follow()

    assert "Alpenhof charges in EUR from now on. Stays that are booked keep what was agreed in CHF." in page.shown
    assert "Its room types and its rate table have the same numbers, now in EUR: check each." in page.shown
    stay.refresh_from_db()
    assert stay.rates == [Money(90, "CHF")] * 3


def test_a_price_is_typed_with_a_comma_as_people_do(hotel, browser):
    browser.get(f"/properties/{hotel.pk}/edit/").press("Save changes", {"Price per night": "1.095,50"})

    assert Property.objects.get().price == Money(Decimal("1095.50"), "CHF")
