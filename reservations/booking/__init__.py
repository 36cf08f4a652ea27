"""The verbs that take and free nights. All are keyword-only, one transaction, and leave their events.

`nights` is the mechanism; `stays` books and changes, `groups` books several at once, `rooms` moves, `agreed` makes room
as a plan said, `closures` closes, `undoing` takes back.
"""

from reservations.booking.closures import AlreadyReopened, ClosureChanged, change_closure, close, reopen
from reservations.booking.groups import TooFewRooms, book_group
from reservations.booking.nights import NO_SHARED_NIGHT, expire
from reservations.booking.refusals import (
    ChangedMeanwhile,
    DatesTaken,
    NotAllowed,
    NotBookable,
    NotMovable,
    NotOpen,
    NotYet,
    OutsideLimits,
    PlanChanged,
    PriceWouldChange,
)
from reservations.booking.rooms import join, move, set_lock, split, swap, unassign
from reservations.booking.stays import book, change
from reservations.booking.undoing import CannotUndo, may_undo, undo

__all__ = [
    "NO_SHARED_NIGHT",
    "AlreadyReopened",
    "CannotUndo",
    "ChangedMeanwhile",
    "ClosureChanged",
    "DatesTaken",
    "NotAllowed",
    "NotBookable",
    "NotMovable",
    "NotOpen",
    "NotYet",
    "OutsideLimits",
    "PlanChanged",
    "PriceWouldChange",
    "TooFewRooms",
    "book",
    "book_group",
    "change",
    "change_closure",
    "close",
    "expire",
    "join",
    "may_undo",
    "move",
    "reopen",
    "set_lock",
    "split",
    "swap",
    "unassign",
    "undo",
]
