"""A stay's nights by price: 2 × €118.00, then 1 × €140.00."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reservations.models import Reservation


@dataclass(frozen=True)
class RateLine:
    nights: int
    rate: Decimal


def of(reservation: Reservation) -> list[RateLine]:
    """In order of nights; neighbours of one price are one line."""
    return lines(reservation.nightly_rates)


def lines(rates) -> list[RateLine]:
    return [RateLine(len(list(nights)), rate) for rate, nights in groupby(rates)]
