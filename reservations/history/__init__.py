"""Events read again: `timeline` in people's words, `feed` in an order in which a reader misses none."""

from reservations.history.timeline import Change, HistoryEntry, as_csv, changes, entries, replay

__all__ = ["Change", "HistoryEntry", "as_csv", "changes", "entries", "replay"]
