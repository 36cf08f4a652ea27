"""The verbs that take and free nights. Each takes keyword arguments only, is one transaction and writes its events.

All of them use `nights`, which locks, checks and writes. `stays` books, `changing` changes a stay, `groups` books
several rooms at once, `rooms` moves, splits, joins and swaps, `closures` takes rooms off sale, `closing_occupied` moves
their guests as well, `undoing` takes an act back, and `undo_offers` reads whether that is possible. Four modules are
imported by their own names: `lifecycle` has the steps from one state to the next, `group_lifecycle` those for all stays
of a group, `rooming_list` names who sleeps in which of its rooms, and `archiving` takes properties and rooms out of
use.
"""

from accounts.access import NotAllowed
from reservations.booking.changing import ChangeRequest, change
from reservations.booking.closing_occupied import (
    ClosedAlready,
    GuestsUnplaced,
    StaysNotAsShown,
    close_and_move,
    fingerprint,
    nights_not_closed,
    nights_to_move,
)
from reservations.booking.closures import AlreadyReopened, ClosureChanged, change_closure, close, reopen
from reservations.booking.groups import TooFewRooms, book_group
from reservations.booking.nights import NO_SHARED_NIGHT, expire
from reservations.booking.refusals import (
    BrokenRule,
    ChangedMeanwhile,
    DatesTaken,
    NotBookable,
    NotMovable,
    NotOpen,
    NotYet,
    OutsideLimits,
    PlanChanged,
    PriceNotAsShown,
    PriceWouldChange,
    ReasonNeeded,
    SegmentGone,
)
from reservations.booking.requests import BookingRequest
from reservations.booking.rooms import join, move, set_lock, split, swap, unassign
from reservations.booking.stays import book
from reservations.booking.undo_offers import UndoOffer, undo_offers
from reservations.booking.undoing import UNDOABLE_FOR, CannotUndo, may_undo, undo

__all__ = [
    "NO_SHARED_NIGHT",
    "UNDOABLE_FOR",
    "AlreadyReopened",
    "BookingRequest",
    "BrokenRule",
    "CannotUndo",
    "ChangeRequest",
    "ChangedMeanwhile",
    "ClosedAlready",
    "ClosureChanged",
    "DatesTaken",
    "GuestsUnplaced",
    "NotAllowed",
    "NotBookable",
    "NotMovable",
    "NotOpen",
    "NotYet",
    "OutsideLimits",
    "PlanChanged",
    "PriceNotAsShown",
    "PriceWouldChange",
    "ReasonNeeded",
    "SegmentGone",
    "StaysNotAsShown",
    "TooFewRooms",
    "UndoOffer",
    "book",
    "book_group",
    "change",
    "change_closure",
    "close",
    "close_and_move",
    "expire",
    "fingerprint",
    "join",
    "may_undo",
    "move",
    "nights_not_closed",
    "nights_to_move",
    "reopen",
    "set_lock",
    "split",
    "swap",
    "unassign",
    "undo",
    "undo_offers",
]
