"""Making room: the fewest moves of other stays that free one room for all the requested nights.

`board` and `search` are pure; `plans` asks the calendar and speaks of reservations.
"""

from reservations.availability.reallocation.board import PlacedStay
from reservations.availability.reallocation.plans import Move, NotAPlan, Plan, is_movable, parse, plan
from reservations.availability.reallocation.search import Fitting, fit

__all__ = ["Fitting", "Move", "NotAPlan", "PlacedStay", "Plan", "fit", "is_movable", "parse", "plan"]
