"""Money: amounts with their currency, how they are written, and how typed prices are read."""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_name, get_currency_precision

# ISO 4217, list one, as of 2026: currencies that people pay in, then units of account in which some countries set
# rents. Metals, bonds and settlement units of banks are left out. Babel has the names, but its numbers of digits are
# those of cash (HUF 0, IQD 0), and its list has many currencies that do not exist any more.
_COMMON = "EUR USD GBP CHF AUD CAD CNY CZK DKK HUF INR JPY MXN NOK NZD PLN SEK SGD THB TRY ZAR"
_FURTHER = """
    AED AFN ALL AMD AOA ARS AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CDF CLP COP CRC CUP CVE DJF
    DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG IDR ILS IQD IRR ISK JMD JOD KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MYR MZN NAD NGN NIO NPR OMR PAB
    PEN PGK PHP PKR PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SHP SLE SOS SRD SSP STN SVC SYP SZL TJS TMT TND TOP TTD TWD
    TZS UAH UGX UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZMW ZWG
    BOV CHE CHW CLF COU MXV USN UYI UYW
"""
COMMON, FURTHER = _COMMON.split(), sorted(_FURTHER.split())
CURRENCIES = frozenset(COMMON + FURTHER)
# {number of decimal digits by ISO 4217: currencies}; all others have two.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
# Signs that belong to one currency only.
SIGNS = {"BRL": "R$", "EUR": "€", "GBP": "£", "ILS": "₪", "INR": "₹", "KRW": "₩", "USD": "$"}

HIGHEST_RATE = Decimal(10**12)
# Digits of a database column for rates up to HIGHEST_RATE, in currencies with up to four decimals.
MOST_DIGITS, MOST_DECIMALS = 17, 4


class CurrencyMismatch(TypeError):
    """Amounts in two currencies were added or compared, which is a programming error."""


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217). Adding and ordering amounts of two currencies raises CurrencyMismatch.

    Amounts of two currencies are never equal.
    """

    amount: Decimal
    currency: str

    @property
    def exact(self) -> Decimal:
        """The amount with the decimals of its currency, or with more if it was stored with more. It is not rounded."""
        exact = Decimal(self.amount).quantize(Decimal(1).scaleb(-digits_of(self.currency)))
        return exact if exact == self.amount else self.amount.normalize()

    def __add__(self, other):
        return Money(self.amount + self._comparable(other), self.currency)

    def __mul__(self, count: int):
        return Money(self.amount * count, self.currency)

    def __lt__(self, other):
        return self.amount < self._comparable(other)

    def __str__(self):
        """Such as €1,140.00, CHF 140.00 or JPY 12,000: with a sign of SIGNS, or else with the code."""
        return f"{SIGNS.get(self.currency) or self.currency + ' '}{self.exact:,f}"

    def _comparable(self, other):
        if not isinstance(other, Money) or other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {getattr(other, 'currency', type(other).__name__)}")
        return other.amount


def total(amounts: Iterable[Money]) -> Money:
    """The sum of the amounts, of which there must be at least one. Raises CurrencyMismatch."""
    first, *others = amounts
    amount, currency = first.amount, first.currency
    for each in others:
        if each.currency != currency:
            raise CurrencyMismatch(f"{currency} and {each.currency}")
        amount += each.amount
    return Money(amount, currency)


def digits_of(currency):
    """The number of decimals."""
    return DIGITS.get(currency, 2)


@functools.cache
def name_of(currency):
    return get_currency_name(currency, locale="en")


@functools.cache
def choices():
    """Choices for a form field, in two groups: common currencies, and all others."""
    named = [[(code, f"{code} – {name_of(code)}") for code in codes] for codes in (COMMON, FURTHER)]
    return list(zip(("Common", "Further"), named, strict=True))


def digits_problem(amount, currency):
    """Why the amount has too many decimals for the currency, in words for staff; "" when it has not."""
    digits = digits_of(currency)
    return _too_fine(currency) if amount and amount != round(amount, digits) else ""


def _too_fine(currency):
    digits = digits_of(currency)
    if digits == 0:
        return f"The {name_of(currency)} has no cents. Write a whole number."
    return f"Write at most {('two', 'three', 'four')[digits - 2]} digits after the point, such as {_example(digits)}."


# --- typed by people -------------------------------------------------------------------------------------------------

# Marks that separate thousands and never decimals: spaces of any width, apostrophes, the Arabic thousands separator.
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[\s'’٬](?=\d)")
_LONGEST = 40


class Unreadable(ValueError):
    """The text is no price, or can be read as two. `words` says why and what to type instead, `code` is its code."""

    def __init__(self, code, words):
        super().__init__(words)
        self.code, self.words = code, words


def read(text, currency) -> Decimal:
    """Read a price that somebody typed. Raises Unreadable.

    "95,50", "95.50", "1.234,50", "1,234.50", "1 234,50", "1’234.50", "12,34,567.50", "€ 95" and "95 EUR" are read. Of
    two different marks the last one is the decimal separator. A single mark before three digits ("1.234") is refused as
    ambiguous, with two exceptions: in currencies without decimals it separates thousands, and in currencies of three
    or more decimals a point is the decimal separator, as in the prices on Roomtone's own pages.
    """
    plain = _plain(text, currency)
    if re.fullmatch(r"[-−–][\d.,']+", plain):
        raise Unreadable("negative", "A price cannot be negative.")
    if not re.fullmatch(r"\d[\d.,']*", plain) or len(plain) > _LONGEST:
        raise Unreadable("digits", f"Write the price in digits, such as 140 or {_example(digits_of(currency))}.")
    whole, mark, cents = _parted(plain, currency)
    if _is_ambiguous(whole, mark, cents, currency):
        raise Unreadable("two_ways", _two_ways(text.strip(), whole, cents, currency))
    return _value(whole, mark, cents, currency)


def _plain(text, currency):
    """The text without the currency's sign and code, in ASCII; any other mark between thousands is an apostrophe."""
    plain = "".join(_digit(letter) for letter in text.strip()).replace("٫", ".")
    for own in filter(None, (currency, SIGNS.get(currency))):
        plain = re.sub(rf"^{re.escape(own)}|{re.escape(own)}$", "", plain, flags=re.IGNORECASE).strip()
    return _BETWEEN_THOUSANDS.sub("'", re.sub(r"(?<=\d)[.,][-–—]$", "", plain))


def _digit(letter):
    return str(unicodedata.digit(letter)) if letter.isdecimal() else letter


def _parted(plain, currency):
    """(digits before the decimal separator, the separator, digits after it); without decimals (the text, "", "")."""
    marks = re.findall("[.,]", plain)
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return plain, "", ""
    whole, mark, cents = plain.rpartition(marks[-1])
    if _looks_like_thousands(whole, cents) and get_currency_precision(currency) == 0:
        return plain, "", ""
    return whole, mark, cents


def _looks_like_thousands(whole, cents):
    return re.fullmatch(r"[1-9]\d{0,2}", whole) and len(cents) == 3


def _is_ambiguous(whole, mark, cents, currency):
    is_our_own = mark == "." and digits_of(currency) > 2
    return mark and _looks_like_thousands(whole, cents) and not is_our_own


def _two_ways(text, whole, cents, currency):
    return f"“{text}” can be read in two ways. Write {whole}{cents} or {whole}.{cents[: digits_of(currency)]}."


def _value(whole, mark, cents, currency):
    digits = digits_of(currency)
    if not _is_grouped(whole) or not (cents.isdigit() if mark else True):
        raise Unreadable("marks", f"These marks do not make one number. Write it like {_example(digits, 1234)}.")
    if cents[digits:].strip("0"):
        raise Unreadable("cents", _too_fine(currency))
    value = Decimal(f"{re.sub('[^0-9]', '', whole)}.{cents[:digits] or 0}")
    if value > HIGHEST_RATE:
        raise Unreadable("too_high", "No night costs as much as this. Check the price.")
    return value


def _is_grouped(whole):
    """Whether the text is 12345, 12.345.678 or, as in India, 1,23,45,678, with marks of one kind."""
    return re.fullmatch(r"\d+|\d{1,3}([.,'])\d{3}(\1\d{3})*|\d{1,2}([.,'])(\d{2}\3)*\d{3}", whole)


def _example(digits, whole=140):
    return f"{whole}.{'5000'[:digits]}" if digits else f"{whole}"


def as_typed(amount, currency):
    """The amount as text for a form field, which `read` reads back: 140, 140.50, 45.500."""
    paid = Money(amount, currency).exact
    return f"{paid:f}" if paid % 1 else f"{paid:.0f}"
