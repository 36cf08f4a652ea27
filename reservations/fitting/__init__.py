"""Making room: the fewest moves of other stays that free one room for all the wished nights.

`board` and `search` are pure; `plans` asks the calendar and speaks of reservations.
"""

from reservations.fitting.board import Taken
from reservations.fitting.plans import Move, NotAPlan, Plan, is_movable, parse, plan
from reservations.fitting.search import Fitting, fit

__all__ = ["Fitting", "Move", "NotAPlan", "Plan", "Taken", "fit", "is_movable", "parse", "plan"]
