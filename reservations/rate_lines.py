"""A stay's nights by price: 2 × €118.00, then 1 × €140.00."""

from dataclasses import dataclass
from itertools import groupby

from properties.money import Money


@dataclass(frozen=True)
class RateLine:
    nights: int
    rate: Money


def lines(rates) -> list[RateLine]:
    """In order of nights; neighbours of one price are one line."""
    return [RateLine(len(list(nights)), rate) for rate, nights in groupby(rates)]
