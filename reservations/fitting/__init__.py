"""Making room: the fewest moves of other stays that free one room for all the wished nights."""

from reservations.fitting.board import Taken
from reservations.fitting.search import Fitting, fit

__all__ = ["Fitting", "Taken", "fit"]
