"""Reading events: `timeline` has the history in words, `feed` orders events so that a reader of the API misses none."""

from reservations.history.timeline import Change, HistoryEntry, as_csv, changes, entries, replay

__all__ = ["Change", "HistoryEntry", "as_csv", "changes", "entries", "replay"]
