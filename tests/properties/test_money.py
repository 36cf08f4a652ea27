"""An amount and its currency are one value, written in one way and read in all the ways in which people type it."""

from decimal import Decimal

import pytest
from babel.core import get_global
from babel.numbers import get_currency_name

from properties import money
from properties.money import CURRENCIES, Money, Unreadable, digits_of, total
from properties.templatetags.money import money as shown
from tests.factories import eur


def chf(amount):
    return Money(Decimal(amount), "CHF")


class TestMoney:
    @pytest.mark.parametrize(
        "mix",
        [
            lambda: eur(100) + chf(95),
            lambda: total([eur(100), chf(95)]),
            lambda: eur(100) < chf(100),
            lambda: eur(100) >= chf(100),
            lambda: min(eur(100), chf(95)),
            lambda: eur(100) + 95,
        ],
    )
    def test_nothing_is_added_to_or_ordered_with_another_currency_or_a_bare_number(self, mix):
        with pytest.raises(TypeError):
            mix()

    def test_the_same_number_in_another_currency_is_another_value(self):
        assert eur(100) != chf(100)
        assert eur(100) == eur("100.0000")
        assert eur(100) != 100
        assert len({eur(100), chf(100), eur("100.00")}) == 2

    def test_amounts_of_one_currency_are_added_multiplied_and_ordered(self):
        assert total([eur(100), eur("95.50")]) == eur("195.50")
        assert eur(100) * 3 == eur(300)
        assert max(eur(100), eur("95.50")) == eur(100)

    @pytest.mark.parametrize(
        ("amount", "currency", "words"),
        [
            ("1140", "EUR", "€1,140.00"),
            ("1140", "CHF", "CHF 1,140.00"),
            ("12000.0000", "JPY", "JPY 12,000"),
            ("45.5", "KWD", "KWD 45.500"),
            ("1234.5", "HUF", "HUF 1,234.50"),
            ("150000", "IQD", "IQD 150,000.000"),
            ("38.1234", "CLF", "CLF 38.1234"),
            ("125000000", "IDR", "IDR 125,000,000.00"),
            ("12000.5", "JPY", "JPY 12,000.5"),  # stored so once: shown as it is, never rounded
        ],
    )
    def test_it_is_written_with_the_digits_of_its_currency(self, amount, currency, words):
        assert str(Money(Decimal(amount), currency)) == words

    def test_a_page_refuses_to_show_a_number_without_its_currency(self):
        assert shown(eur(95)) == "€95.00"
        with pytest.raises(TypeError, match="has no currency"):
            shown(Decimal(95))


class TestCurrencies:
    def test_all_that_are_legal_tender_anywhere_are_there(self):
        today = {
            code
            for currencies in get_global("territory_currencies").values()
            for code, _, until, is_tender in currencies
            if is_tender and until is None
        }
        gone = {"ANG", "BGN", "XXX"}  # replaced by XCG in 2025, by EUR in 2026

        assert today - gone - CURRENCIES <= {"ZWL", "SLL", "CUC", "VEF", "GGP", "IMP", "JEP"}  # of no list of ISO's
        assert not gone & CURRENCIES

    def test_each_has_a_name(self):
        assert not [code for code in CURRENCIES if get_currency_name(code, locale="en") == code]

    @pytest.mark.parametrize(
        ("digits", "codes"),
        [
            (0, "JPY KRW VND CLP ISK"),
            (2, "EUR HUF IDR COP LBP MGA"),
            (3, "BHD IQD JOD KWD LYD OMR TND"),
            (4, "CLF UYW"),
        ],
    )
    def test_digits_are_those_of_iso_and_not_of_cash(self, digits, codes):
        assert {digits_of(code) for code in codes.split()} == {digits}

    def test_the_choice_begins_with_the_common_ones_and_has_each_once(self):
        [(_, common), (_, further)] = money.choices()

        assert common[0] == ("EUR", "EUR – Euro")
        assert ("KWD", "KWD – Kuwaiti Dinar") in further
        codes = [code for code, _ in common + further]
        assert len(codes) == len(set(codes)) == len(CURRENCIES)


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("140", "EUR", "140"),
        (" 140.00 ", "EUR", "140"),
        ("0", "EUR", "0"),
        ("0.5", "EUR", "0.50"),
        ("95,50", "EUR", "95.50"),
        ("95,5", "EUR", "95.50"),
        ("95.50", "EUR", "95.50"),
        ("1.234,50", "EUR", "1234.50"),
        ("1,234.50", "EUR", "1234.50"),
        ("1 234,50", "EUR", "1234.50"),
        ("1\u00a0234,50", "EUR", "1234.50"),
        ("1\u202f234,50", "EUR", "1234.50"),
        ("1 234", "EUR", "1234"),
        ("1’234.50", "CHF", "1234.50"),
        ("1'234'567", "CHF", "1234567"),
        ("1.234.567", "EUR", "1234567"),
        ("12,34,567.50", "INR", "1234567.50"),
        ("0,500", "EUR", "0.50"),
        ("1234.500", "EUR", "1234.50"),
        ("95,–", "EUR", "95"),
        ("€ 95,50", "EUR", "95.50"),
        ("95,50 €", "EUR", "95.50"),
        ("chf 95", "CHF", "95"),
        ("٩٥٫٥٠", "SAR", "95.50"),
        ("१२३", "INR", "123"),
        ("１２０００", "JPY", "12000"),
        ("12000.00", "JPY", "12000"),
        ("12,000", "JPY", "12000"),
        ("12.000", "JPY", "12000"),
        ("150.000", "IDR", "150000"),
        ("125.000.000", "IDR", "125000000"),
        ("150000000", "VND", "150000000"),
        ("150,000", "IQD", "150000"),
        ("45.500", "KWD", "45.500"),
        ("45,5", "TND", "45.500"),
        ("1,045.500", "KWD", "1045.500"),
        ("38,1234", "CLF", "38.1234"),
        ("1000000000000", "IRR", "1000000000000"),
    ],
)
def test_it_reads_a_price_as_people_type_it_and_as_it_shows_it(typed, currency, amount):
    read = money.read(typed, currency)

    assert read == Decimal(amount)
    assert money.read(money.as_typed(read, currency), currency) == read


@pytest.mark.parametrize(
    ("typed", "currency", "code", "words"),
    [
        ("1.234", "EUR", "two_ways", "“1.234” can be read in two ways. Write 1234 or 1.23."),
        ("1,234", "EUR", "two_ways", "“1,234” can be read in two ways. Write 1234 or 1.23."),
        ("45,500", "KWD", "two_ways", "“45,500” can be read in two ways. Write 45500 or 45.500."),
        ("0.005", "EUR", "cents", "Write at most two digits after the point, such as 140.50."),
        ("45.5005", "KWD", "cents", "Write at most three digits after the point, such as 140.500."),
        ("12000.50", "JPY", "cents", "The Japanese Yen has no cents. Write a whole number."),
        ("1.23,456.7", "EUR", "marks", "These marks do not make one number. Write it like 1234.50."),
        ("95 5", "EUR", "marks", "These marks do not make one number. Write it like 1234.50."),
        ("1.234 567", "EUR", "marks", "These marks do not make one number. Write it like 1234.50."),
        ("140.", "EUR", "marks", "These marks do not make one number. Write it like 1234.50."),
        ("-1", "EUR", "negative", "A price cannot be negative."),
        ("−5,00", "EUR", "negative", "A price cannot be negative."),
        ("NaN", "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("1e400", "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("1_000", "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("£95", "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("²", "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("140\x00", "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("9" * 5000, "EUR", "digits", "Write the price in digits, such as 140 or 140.50."),
        ("1000000000001", "EUR", "too_high", "No night costs as much as this. Check the price."),
    ],
)
def test_a_price_that_it_cannot_read_is_refused_with_what_to_type(typed, currency, code, words):
    with pytest.raises(Unreadable) as refused:
        money.read(typed, currency)

    assert (refused.value.code, refused.value.words) == (code, words)
