"""Reading events: `timeline` has the history in words, `recent` the acts of the last day, `feed` orders events so that
a reader of the API misses none."""

from reservations.history.recent import RecentAct, in_detail, recent_acts
from reservations.history.timeline import (
    Change,
    HistoryEntry,
    as_csv,
    changes,
    entries,
    has_handover_note,
    moved_because_of,
    replay,
    undo_offer,
)

__all__ = [
    "Change",
    "HistoryEntry",
    "RecentAct",
    "as_csv",
    "changes",
    "entries",
    "has_handover_note",
    "in_detail",
    "moved_because_of",
    "recent_acts",
    "replay",
    "undo_offer",
]
