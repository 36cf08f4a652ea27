"""The history of a reservation in words and as CSV, and the state that its events add up to."""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal

from config.text import harmless
from properties.money import Money, total
from reservations import booking, wording
from reservations.booking.drafts import stay_of
from reservations.models import Closure, Event, Status
from reservations.models.events import HANDOVER_NOTE

# Labels of the fields of `Event.data`, in the order in which an entry shows them.
FIELDS = {
    "status": "State",
    "arrival": "Arrival",
    "departure": "Departure",
    "segments": "Room",
    "guest": "Guest",
    "party_size": "Guests",
    "nightly_rates": "Price",
    "hold_expires_at": "Held until",
    "is_locked": "Locked",
    "kind": "Why",  # of closures only
    "note": "Note",
}


@dataclass(frozen=True)
class Change:
    """A changed field, in words."""

    field: str  # a label, such as "Room"
    before: str
    after: str

    def __str__(self):
        return f"{self.field} {self.before} → {self.after}"


@dataclass(frozen=True)
class HistoryEntry:
    event: Event
    changes: list[Change]

    @property
    def title(self):
        """Such as "Booked", or "Overbooked by a manager" for a booking without a room."""
        is_overbooked = self.event.action == Event.Action.BOOKED and self.event.reason
        return "Overbooked by a manager" if is_overbooked else self.event.in_words


def entries(reservation) -> list[HistoryEntry]:
    """The events of a reservation or closure with their changes, newest first. One query."""
    return [HistoryEntry(event, changes(event)) for event in reservation.events.select_related("actor")]


def moved_because_of(closure) -> list[HistoryEntry]:
    """The stays that were moved in the act that closed the room, and how; [] once it is open again. One query."""
    if closure.reopened_at:
        return []
    closed = closure.events.filter(action=Event.Action.CLOSED).values("act")
    events = Event.objects.filter(act__in=closed, action=Event.Action.MOVED).order_by("pk")
    events = events.select_related("reservation__guest", "reservation__property")
    return [HistoryEntry(event, changes(event)) for event in events]


def has_handover_note(event) -> bool:
    """Whether a note for the next shift was left in the act of the event. One query."""
    return Event.objects.filter(act=event.act, data__has_key=HANDOVER_NOTE).exists()


def undo_offer(entries, actor):
    """The UndoOffer of the newest of `entries`, or None when there is none. Older lines cannot be undone before it."""
    return booking.undo_offers([entries[0].event], actor)[entries[0].event.act] if entries else None


def replay(events) -> dict:
    """The state after `events`, oldest first. For all events of a reservation it equals `booking.drafts.snapshot`."""
    state: dict = {}
    for event in events:
        state |= {name: after for name, (_, after) in event.data.items()}
    return state


def as_csv(reservation) -> str:
    """The history as CSV, with a row for each changed field, oldest first. Times are in the property's zone."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["When", "Time zone", "Who", "What", "Field", "Before", "After", "Reason", "Reason code"])
    for entry in reversed(entries(reservation)):
        event, zone = entry.event, reservation.property.zone
        when = event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        who, what = str(event.actor or ""), entry.title
        for change in entry.changes or [Change("", "", "")]:
            cells = [who, what, change.field, change.before, change.after, event.reason_in_words, event.reason_code]
            table.writerow([when, str(zone), *map(harmless, cells)])
    return out.getvalue()


def changes(event) -> list[Change]:
    """The event's changes in words, in the order of FIELDS; [] for an event in which all fields are new.

    No query if the event's subject and its property are fetched.
    """
    if event.action in (Event.Action.BOOKED, Event.Action.CLOSED):
        return []
    found, subject = [], event.subject
    for name, label in FIELDS.items():
        pair = event.data.get(name)
        if not isinstance(pair, list) or len(pair) != 2:  # unchanged, or stored without a pair by an older release
            continue
        before, after = (
            _prices(event) if name == "nightly_rates" else (_in_words(name, value, subject) for value in pair)
        )
        if before != after:
            found.append(Change(label, before, after))
    return found


def _in_words(name, value, subject):
    if value in (None, [], ""):
        return "none"
    words = WORDS.get(name)
    return words(value, subject) if words else str(value)


def _prices(event):
    """The totals before and after the event, in words, each in its own currency."""
    currencies = event.data.get("currency") or [event.subject.currency] * 2
    return [
        str(total(Money(Decimal(rate), currency) for rate in rates)) if rates else "none"
        for rates, currency in zip(event.data["nightly_rates"], currencies, strict=True)
    ]


def _rooms(segments, subject):
    if isinstance(subject, Closure):  # a closure has no other field with its dates
        return ", ".join(f"{segment['room']}, {wording.closed_span(stay_of(segment))}" for segment in segments)
    if len(segments) == 1:
        return segments[0]["room"]
    return ", ".join(f"{segment['room']} from {_day(segment['arrival'], subject)}" for segment in segments)


def _day(value, _subject):
    return wording.short_day(dt.date.fromisoformat(value))


# Functions that put a field's value into words, called with the value and the reservation or closure.
WORDS = {
    "status": lambda value, _: Status(value).label,
    "arrival": _day,
    "departure": _day,
    "segments": _rooms,
    "hold_expires_at": lambda value, stay: wording.moment(
        dt.datetime.fromisoformat(value).astimezone(stay.property.zone)
    ),
    "is_locked": lambda value, _: "yes" if value else "no",
    "kind": lambda value, _: Closure.Kind(value).label,
    "note": lambda value, _: f"“{value}”",
}
