"""Making room: the fewest moves of other stays after which one room is free for all requested nights.

`board` and `search` are algorithms without a database; `plans` reads the calendar and returns moves of reservations.
"""

from reservations.availability.reallocation.board import PlacedStay
from reservations.availability.reallocation.plans import Move, NotAPlan, Plan, is_movable, parse, plan
from reservations.availability.reallocation.search import Fitting, fit

__all__ = ["Fitting", "Move", "NotAPlan", "PlacedStay", "Plan", "fit", "is_movable", "parse", "plan"]
