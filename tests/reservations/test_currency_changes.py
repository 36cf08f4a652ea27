"""A hotel changes its currency in the middle of everything that carries a price: no number ends under another currency.

The numbers say whose they are: sums of a few nights at 101 or 173 are CHF, at 97 or 163 EUR, and no sum is both. Nor is
by how much a few nights in a suite are dearer.
"""

import datetime as dt
import re
from decimal import Decimal
from itertools import combinations_with_replacement

import pytest
from django.utils import timezone

from properties import inventory, rates
from properties.models import Property
from properties.money import Money
from reservations import booking, history
from reservations.booking import lifecycle
from reservations.models import Event, Reservation, Status
from reservations.offers import availability_report, group_hints
from reservations.offers.change_hints import hints_for
from reservations.stay import Stay
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_booking, make_change, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

NIGHT = {"CHF": (101, 173), "EUR": (97, 163)}  # in a double, in a suite
SUMS = {
    currency: {Decimal(sum(some)) for count in range(1, 7) for some in combinations_with_replacement(night, count)}
    | {Decimal(count * (night[1] - night[0])) for count in range(1, 7)}
    for currency, night in NIGHT.items()
}
assert not SUMS["CHF"] & SUMS["EUR"]
WRITTEN = re.compile(r"(CHF |€)([\d,]+\.\d\d)")
SIGNS = {"CHF ": "CHF", "€": "EUR"}


class PricedHotel:
    """A hotel that charges in CHF, with what was read of it then: the double 101 and 102, the suite 201."""

    def __init__(self, alice):
        self.alice = alice
        self.hotel = make_hotel(["101", "102", "201"], nightly_rate=101, currency="CHF")
        self.double = make_room_type(self.hotel, nightly_rate=101, sleeps=4)
        self.suite = make_room_type(self.hotel, "Suite", nightly_rate=173, sleeps=4)
        self.hotel.units.filter(name__in=["101", "102"]).update(room_type=self.double)
        self.hotel.units.filter(name="201").update(room_type=self.suite)
        self.first, self.second, self.best = self.hotel.units.select_related("property", "room_type")

    def stay(self, unit=None, nights=2, **facts):
        made = make_reservation(
            unit=unit or self.first, nights=nights, room_type=self.double, nightly_rates=[101] * nights, **facts
        )
        return Reservation.objects.with_unit().get(pk=made.pk)

    def to_euros(self):
        inventory.update_property(
            actor=None, property=Property.objects.get(pk=self.hotel.pk), currency="EUR", nightly_rate=97
        )
        self.hotel.room_types.filter(name="Double").update(nightly_rate=97)
        self.hotel.room_types.filter(name="Suite").update(nightly_rate=163)


@pytest.fixture
def priced(alice):
    return PricedHotel(alice)


def nights(count, first=0):
    return Stay.of_nights(ARRIVAL + dt.timedelta(days=first), count)


def undo(reservation):
    return booking.undo(event=reservation.events.order_by("-pk").first(), actor=None)


# Each begins with what was read while the hotel charged in CHF, calls `change` in the middle, and then does the act.
def book(priced, change):
    change()
    make_booking(property=priced.hotel, stay=nights(2), guest_name="Ada", party_size=2, actor=priced.alice)


def book_a_room(priced, change):
    change()
    asked = {"unit": priced.best, "stay": nights(2), "guest_name": "Ada", "party_size": 2}
    make_booking(property=priced.hotel, actor=priced.alice, **asked)


def book_where_no_rooms_are_listed(priced, change):
    hotel = make_hotel([], nightly_rate=101, currency="CHF")
    kind = make_room_type(hotel, nightly_rate=101)
    priced.hotel.units.all().delete()
    priced.hotel, stale = hotel, hotel
    change()
    asked = {"room_type": kind, "stay": nights(2), "guest_name": "Ada", "party_size": 2}
    make_booking(property=stale, actor=priced.alice, **asked)


def book_a_group(priced, change):
    change()
    rooms = [(priced.double, 2, 2), (None, 1, 2)]
    booking.book_group(property=priced.hotel, stay=nights(2), booker_name="Ada", rooms=rooms, actor=priced.alice)


def confirm_a_hold(priced, change):
    held = priced.stay(status=Status.HELD, hold_expires_at=timezone.now() + dt.timedelta(hours=1))
    change()
    lifecycle.confirm(reservation=held, actor=priced.alice)


def extend(pricing):
    def act(priced, change):
        stay = priced.stay()
        change()
        said = {"guest_name": "", "party_size": 2, "pricing": pricing, "actor": priced.alice}
        make_change(reservation=stay, stay=nights(4), **said)

    return act


def move(pricing):
    def act(priced, change):
        stay = priced.stay()
        change()
        booking.move(reservation=stay, unit=priced.best, stay=nights(3, 1), pricing=pricing, actor=priced.alice)

    return act


def split_and_join(pricing):
    def act(priced, change):
        stay = priced.stay()
        change()
        night = ARRIVAL + dt.timedelta(days=1)
        split = booking.split(reservation=stay, night=night, unit=priced.best, pricing=pricing, actor=priced.alice)
        booking.join(reservation=split, unit=priced.best, pricing=pricing, actor=priced.alice)

    return act


def swap(priced, change):
    pair = priced.stay(), priced.stay(priced.best)
    change()
    booking.swap(first=pair[0], second=pair[1], actor=priced.alice)


def undo_a_requote_and_do_it_again(priced, change):
    stay = priced.stay()
    change()
    said = {"guest_name": "", "party_size": 2, "pricing": "requote", "actor": priced.alice}
    make_change(reservation=stay, stay=nights(3), **said)
    undo(stay)
    assert Reservation.objects.get(pk=stay.pk).rates == [Money(101, "CHF")] * 2
    undo(stay)
    assert Reservation.objects.get(pk=stay.pk).rates == [Money(97, "EUR")] * 3


def undo_a_longer_stay(priced, change):
    stay = priced.stay()
    said = {"guest_name": "", "party_size": 2, "pricing": "keep", "actor": priced.alice}
    make_change(reservation=stay, stay=nights(3), **said)
    change()
    undo(stay)


def leave_early(priced, change):
    stay = priced.stay(status=Status.IN_HOUSE, arrival=priced.hotel.today() - dt.timedelta(days=1), nights=3)
    change()
    lifecycle.check_out(reservation=stay, actor=priced.alice)


def cancel_and_reinstate(priced, change):
    stay = priced.stay()
    change()
    lifecycle.cancel(reservation=stay, actor=priced.alice)
    lifecycle.reinstate(reservation=stay, actor=priced.alice)


ACTS = {
    "book": book,
    "book a room": book_a_room,
    "book where no rooms are listed": book_where_no_rooms_are_listed,
    "book a group": book_a_group,
    "confirm a hold": confirm_a_hold,
    "extend, keep": extend("keep"),
    "extend, requote": extend("requote"),
    "move, keep": move("keep"),
    "move, requote": move("requote"),
    "split and join, keep": split_and_join("keep"),
    "split and join, requote": split_and_join("requote"),
    "swap": swap,
    "undo a requote and do it again": undo_a_requote_and_do_it_again,
    "undo a longer stay": undo_a_longer_stay,
    "leave early": leave_early,
    "cancel and reinstate": cancel_and_reinstate,
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.sampled(6)
def test_no_number_stands_under_another_currency(priced, desk, name):
    ACTS[name](priced, priced.to_euros)

    stays, reader = list(Reservation.objects.all()), Program.of(priced.alice)
    assert stays
    for stay in stays:
        assert set(stay.nightly_rates) <= set(map(Decimal, NIGHT[stay.currency]))
    for event in Event.objects.all():
        refuse_foreign_in_an_event(event)
    for page in pages(stays):
        assert refuse_foreign_in_words(desk.get(page).content.decode()), page
    for answer in answers(priced, stays):
        shown = reader.get(answer)
        assert shown.status_code == 200
        refuse_foreign_in_an_answer(shown.json())


def test_the_numbers_can_be_told_apart():
    assert not SUMS["CHF"] & SUMS["EUR"]


def test_pages_about_the_hotel_say_what_it_charges_now(priced, desk):
    priced.to_euros()
    make_rate(priced.hotel, nightly_rate=163)
    until = ARRIVAL + dt.timedelta(days=2)

    for page in (
        "/properties/",
        f"/properties/{priced.hotel.pk}/",
        f"/properties/{priced.hotel.pk}/rates/",
        f"/reservations/new/?property={priced.hotel.pk}&arrival={ARRIVAL}&departure={until}",
        f"/reservations/new-group/?property={priced.hotel.pk}&arrival={ARRIVAL}&departure={until}",
        f"/find/?date={ARRIVAL}&nights=2",
    ):
        assert refuse_foreign_in_words(desk.get(page).content.decode()) == {"EUR"}, page


def pages(stays):
    yield from (f"/reservations/{stay.reference}/" for stay in stays)
    yield from (f"/reservations/{stay.reference}/edit/" for stay in stays if stay.is_open)
    yield from (f"/calendar/card/{stay.reference}/" for stay in stays)
    yield from {f"/groups/{stay.group_id}/" for stay in stays if stay.group_id}


def answers(priced, stays):
    yield from (f"/reservations/{stay.reference}/" for stay in stays)
    yield from ("/reservations/", "/events/", f"/availability/search/?date={ARRIVAL}&nights=2")
    hotel = f"/properties/{priced.hotel.pk}/"
    yield from (hotel, f"{hotel}room-types/", f"{hotel}units/", f"{hotel}availability/?date={ARRIVAL}&nights=2")


def refuse_foreign(amount, currency):
    amount = Decimal(amount)
    assert amount in SUMS[currency], f"{amount} under {currency}"


def refuse_foreign_in_an_event(event):
    for amounts, currency in zip(*(event.data.get(name, []) for name in ("nightly_rates", "currency")), strict=True):
        assert bool(amounts) == bool(currency)
        for amount in amounts or ():
            refuse_foreign(amount, currency)
    for line in map(str, history.changes(event)):
        refuse_foreign_in_words(line)


def refuse_foreign_in_words(text):
    """Returns which currencies are told of."""
    amounts = WRITTEN.findall(text)
    for sign, amount in amounts:
        refuse_foreign(amount.replace(",", ""), SIGNS[sign])
    return {SIGNS[sign] for sign, _ in amounts}


def refuse_foreign_in_an_answer(part):
    if isinstance(part, list):
        for each in part:
            refuse_foreign_in_an_answer(each)
    elif isinstance(part, dict):
        for value in part.values():
            if "data" not in part:  # of an event: see above
                refuse_foreign_in_an_answer(value)
            for amount in value if isinstance(value, list) else [value]:
                if isinstance(amount, str) and re.fullmatch(r"\d+\.\d\d", amount):
                    refuse_foreign(amount, part["currency"])


class TestAsking:
    """Whoever says nothing of the price is asked, with both prices in their own currencies; nothing has changed."""

    @pytest.mark.parametrize("number", [97, 101])
    @pytest.mark.parametrize("what", ["dates", "room"])
    def test_a_change_of_dates_or_to_another_type_is_asked_about_even_at_the_same_number(self, priced, number, what):
        stay = priced.stay()
        priced.to_euros()
        priced.hotel.room_types.update(nightly_rate=number)
        wanted = {"stay": nights(3)} if what == "dates" else {"unit": priced.best}

        with pytest.raises(booking.PriceWouldChange) as asked:
            booking.move(reservation=stay, actor=priced.alice, **wanted)

        count = 3 if what == "dates" else 2
        assert (asked.value.kept, asked.value.requoted) == (Money(101 * count, "CHF"), Money(number * count, "EUR"))
        words = "This stay was agreed in CHF; today's rates are in EUR. Keep CHF {}.00 for all nights, or take €{}.00"
        assert words.format(101 * count, number * count) in asked.value.message
        assert Reservation.objects.get().rates == [Money(101, "CHF")] * 2

    def test_the_same_nights_in_a_room_of_the_same_type_keep_what_was_agreed_without_asking(self, priced):
        stay = priced.stay()
        priced.to_euros()

        moved = booking.move(reservation=stay, unit=priced.second, actor=priced.alice)

        assert moved.rates == [Money(101, "CHF")] * 2

    def test_a_program_is_told_both_prices_with_their_currencies(self, priced):
        stay, program = priced.stay(), Program.of(priced.alice)
        priced.to_euros()
        path, longer = f"/reservations/{stay.reference}/", {"departure": str(ARRIVAL + dt.timedelta(days=3))}

        asked = program.patch(path, longer, if_match='"1"')
        requoted = program.patch(path, longer | {"pricing": "requote"}, if_match='"1"')

        assert (asked.status_code, asked.json()["code"]) == (409, "price_would_change")
        assert asked.json()["kept"] == {"amount": "303.00", "currency": "CHF"}
        assert asked.json()["requoted"] == {"amount": "291.00", "currency": "EUR"}
        body = requoted.json()
        assert (body["nightly_rates"], body["price"], body["currency"]) == (["97.00"] * 3, "291.00", "EUR")

    @pytest.mark.parametrize(
        ("button", "night"),
        [
            ("Keep what was agreed: CHF 303.00", Money(101, "CHF")),
            ("Take today’s price: €291.00", Money(97, "EUR")),
        ],
    )
    def test_the_desk_chooses_by_a_button_that_says_currency_and_amount(self, priced, browser, button, night):
        stay = priced.stay()
        priced.to_euros()
        form = browser.get(f"/reservations/{stay.reference}/edit/")

        asked = form.press("Save changes", {"Departure": str(ARRIVAL + dt.timedelta(days=3))})
        assert "This stay was agreed in CHF; today's rates are in EUR." in asked.shown
        asked.press(button)

        assert Reservation.objects.get().rates == [night] * 3

    def test_a_bar_that_is_put_down_elsewhere_is_asked_about_in_both_currencies(self, priced, desk):
        stay = priced.stay()
        priced.to_euros()
        bar = {"reference": stay.reference, "arrival": stay.arrival, "departure": stay.departure, "version": 1}

        asked = desk.post(
            "/calendar/move/", bar | {"unit": priced.best.pk, "chart": "1"}, headers={"HX-Request": "true"}
        )

        assert asked.status_code == 409
        assert "Keep CHF 202.00" in asked.content.decode()
        assert "Take today’s €326.00" in asked.content.decode()


class TestReading:
    """What was read a moment before the change is not mixed with what is read after it."""

    def test_a_quote_is_of_one_moment_whatever_the_objects_say_that_it_is_asked_with(self, priced):
        priced.to_euros()

        for kind, night in ((priced.double, 97), (priced.suite, 163), (None, 97)):
            quote = rates.quote(property=priced.hotel, room_type=kind, arrival=ARRIVAL, departure=nights(2).departure)
            assert quote.rates == [Money(night, "EUR")] * 2

    def test_hints_of_a_change_are_in_the_currency_of_the_stay(self, priced):
        stay = priced.stay()
        priced.to_euros()
        priced.hotel.refresh_from_db()

        hints = hints_for(stay, booking.ChangeRequest(stay=nights(3), keeps_rooms=True), criteria={})

        assert hints.kept.total == Money(303, "CHF")
        assert hints.requoted_total == Money(291, "EUR")

    def test_hints_for_a_group_and_a_vacancy_are_in_the_currency_of_the_quote(self, priced):
        priced.to_euros()

        kinds = group_hints.room_type_options(priced.hotel, nights(2))
        report = availability_report.build(
            availability_report.AvailabilityRequest(priced.hotel, nights(2), unit=priced.best), days=5
        )

        assert [kind.price for kind in kinds] == [Money(194, "EUR"), Money(326, "EUR")]
        assert (report.total, report.currency) == (Money(326, "EUR"), "EUR")
