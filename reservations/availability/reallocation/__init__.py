"""Making room: the fewest moves of other stays that free one room for all the wished nights.

`board` and `search` are pure; `plans` asks the calendar and speaks of reservations.
"""

from reservations.availability.reallocation.board import Taken
from reservations.availability.reallocation.plans import Move, NotAPlan, Plan, is_movable, parse, plan
from reservations.availability.reallocation.search import Fitting, fit

__all__ = ["Fitting", "Move", "NotAPlan", "Plan", "Taken", "fit", "is_movable", "parse", "plan"]
