"""Taking back an act: its events are read backwards, through the same door as any other taking of nights."""

import datetime as dt
from decimal import Decimal

from django.db.models import F

from config.errors import DomainError
from properties.models import RoomType, Unit
from reservations import guests
from reservations.booking import closures
from reservations.booking.nights import Draft, Part, lock_reservations, lock_units, refuse_taken, taking_nights, write
from reservations.models import Event, Guest, Status
from reservations.stay import Stay


class CannotUndo(DomainError):
    """Something happened since, or what was before cannot be again."""

    code = "cannot_undo"


@taking_nights
def undo(*, event, actor, version=None):
    """Take back the act of `event`, on all reservations it touched, as long as nothing has happened to them since.

    A booking that is taken back is cancelled. Undoing an undoing does it again. Returns the reservations, that of
    `event` first; `version` is its. Raises DatesTaken when the nights are gone, CannotUndo, NotBookable,
    ChangedMeanwhile, Busy; then nothing has changed.
    """
    events = list(Event.objects.filter(act=event.act).select_related("reservation__property", "closure__unit"))
    events.sort(key=lambda each: each.pk != event.pk)
    if event.closure_id:
        return _undo_closure(event, actor)
    _lock_units_of(events)
    reservations = lock_reservations(*(each.reservation for each in events), version=version)
    drafts = [_as_before(each, reservation) for each, reservation in zip(events, reservations, strict=True)]
    parts = [part for draft in drafts for part in draft.parts]
    refuse_taken(parts, ignoring=reservations)
    return write(drafts, action=Event.Action.UNDONE, actor=actor, reason=event.get_action_display())


def _lock_units_of(events):
    """Those in which nights would be taken again."""
    keys = {part["unit"] for each in events for part in (_before(each, "parts") or [])}
    property = events[0].reservation.property
    if keys:
        lock_units(property, units=list(Unit.objects.filter(pk__in=keys)))


def _as_before(event, reservation):
    """The draft of a locked reservation as it was before `event`. Raises CannotUndo."""
    if event.action == Event.Action.MERGED:
        raise CannotUndo("A merge is taken back for all stays of the guest at once, on the guest's page.")
    _refuse_later(event, reservation)
    draft = Draft.of(reservation)
    if event.data.get("status", [""])[0] is None:  # booked
        draft.set(status=Status.CANCELLED)
        draft.parts = []
        return draft
    if "guest_id" in event.data:
        draft.set(guest=guests.kept(Guest.objects.get(pk=_before(event, "guest_id"))))
    elif "guest" in event.data:
        _rename_back(reservation, _before(event, "guest"))
    draft.set(**{name: READ[name](values[0]) for name, values in event.data.items() if name in READ})
    if "parts" in event.data:
        draft.parts = _parts(_before(event, "parts"))
    if reservation.has_lapsed:
        raise CannotUndo("The hold is over. Hold it anew or confirm it instead.")
    return draft


def _refuse_later(event, reservation):
    latest = reservation.events.select_related("actor").order_by("-pk").first()
    if latest.pk != event.pk:
        who = f" by {latest.actor}" if latest.actor else ""
        raise CannotUndo(
            f"{reservation.reference} has changed since: {latest.get_action_display().lower()}{who}. Undo that first."
        )


def _before(event, name):
    return event.data.get(name, [None])[0]


def _instant(value):
    return value and dt.datetime.fromisoformat(value)


READ = {
    "status": Status,
    "arrival": dt.date.fromisoformat,
    "departure": dt.date.fromisoformat,
    "party_size": int,
    "nightly_rates": lambda rates: [Decimal(rate) for rate in rates],
    "currency": str,
    "room_type": lambda key: key and RoomType.objects.get(pk=key),
    "is_locked": bool,
    "hold_expires_at": _instant,
}


def _parts(facts):
    units = Unit.objects.select_related("property", "room_type").in_bulk({part["unit"] for part in facts})
    return [
        Part(
            units[part["unit"]], Stay(dt.date.fromisoformat(part["arrival"]), dt.date.fromisoformat(part["departure"]))
        )
        for part in facts
    ]


def _rename_back(reservation, name):
    Guest.objects.filter(pk=reservation.guest_id).update(name=name, version=F("version") + 1)
    reservation.guest.name = name


def _undo_closure(event, actor):
    closure = event.closure
    latest = closure.events.order_by("-pk").first()
    if latest.pk != event.pk:
        raise CannotUndo("This closure has changed since. Look again.")
    if parts := _before(event, "parts"):
        lock_units(closure.property, units=list(Unit.objects.filter(pk__in=[part["unit"] for part in parts])))
    closures.restore(closure, event, actor=actor)
    return []
