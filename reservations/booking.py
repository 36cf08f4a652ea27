"""Taking and giving back nights: lock → check → write → event, in one transaction.

Every verb locks the units it may take in primary-key order before it looks. The exclusion constraint alone would be
right too, but competing inserts deadlock on it; with the lock they queue (docs/architecture.md). The constraint stays
the last wall: a collision that gets past the check is answered like one that the check found.
"""

from psycopg2.extras import DateRange

from config.errors import DomainError
from config.transactions import one_transaction, refused_by
from properties.models import Property, Unit
from reservations import availability
from reservations.models import Event, Guest, Occupancy, Reservation, Status, make_reference
from reservations.wording import nights, short_day, span

NO_SHARED_NIGHT = "occupancy_no_two_share_a_night"


class DatesTaken(DomainError):
    """Someone sleeps there on at least one of the nights. `answer` carries who, and the way out."""

    code = "dates_taken"

    def __init__(self, answer):
        super().__init__(taken_in_words(answer))
        self.answer = answer


class NotBookable(DomainError):
    """The property or room is archived, or the room is not of the property."""

    code = "not_bookable"


class NotOpen(DomainError):
    """The reservation is over or cancelled and cannot be changed."""

    code = "not_open"

    def __init__(self, reservation):
        super().__init__(
            f"{reservation.reference} is {reservation.get_status_display().lower()} and cannot be changed."
        )


def taken_in_words(answer):
    """Garden Flat is not free: Amara Okafor is there until Tue 24 Nov. The next 4 free nights start on Tue 24 Nov."""
    return f"{why_taken(answer)} {when_next(answer)}".strip()


def why_taken(answer):
    """The first half: who is there, until when."""
    if not answer.in_the_way and not answer.property.units.active().exists():
        return f"{answer.property} has no room that takes bookings."
    if not answer.in_the_way:
        return f"No room of {answer.property} is free for all {nights(answer.stay.nights)}, {span(answer.stay)}."
    first, last = answer.in_the_way[0], answer.in_the_way[-1]
    place = f"Room {first.unit}" if answer.property.is_hotel else f"{answer.property}"
    others = len({occupancy.reservation_id for occupancy in answer.in_the_way}) - 1
    who = f"{first.reservation.guest} and {others} more are" if others else f"{first.reservation.guest} is"
    return f"{place} is not free: {who} there until {short_day(last.nights.upper)}."


def when_next(answer):
    """The second half: from when on the same number of nights is free."""
    if not answer.next_free:
        return ""
    start = short_day(answer.next_free[0].arrival)
    if answer.stay.nights == 1:
        return f"The next free night is {start}."
    return f"The next {nights(answer.stay.nights)} in a row are free from {start}."


@one_transaction
def book(*, property, unit=None, stay, guest_name, party_size, actor, request_key=None):
    """Reserve `stay` in `unit`, or in the best-fitting free room when `unit` is None. Returns the Reservation.

    A hotel without listed rooms takes every booking, without a unit. The same wish with the same `request_key`
    returns the reservation that it made: a double click books once. Raises DatesTaken, NotBookable, Busy.
    """
    candidates = _lock(property, unit)
    if request_key and (made := Reservation.objects.with_unit().filter(request_key=request_key).first()):
        if (made.property, made.stay, made.guest.name) == (property, stay, guest_name):
            return made
        request_key = None  # the form was changed after its first success: another booking
    room = _choose(property, unit, stay, candidates)
    reservation = Reservation.objects.create(
        reference=_unused_reference(),
        property=property,
        guest=Guest.objects.create(name=guest_name),
        party_size=party_size,
        arrival=stay.arrival,
        departure=stay.departure,
        nightly_rates=[property.nightly_rate] * stay.nights,
        currency=property.currency,
        created_by=actor,
        request_key=request_key,
    )
    _occupy(reservation, room, unit)
    _record(reservation, Event.Action.BOOKED, actor, to=Status.CONFIRMED, data=_facts(reservation, room))
    return reservation


@one_transaction
def change(*, reservation, unit=None, stay, guest_name, party_size, actor):
    """Move, lengthen, shorten or rename; the agreed nightly rate stays. `unit` None keeps the room when it can.

    Raises DatesTaken, NotBookable, NotOpen, Busy; then nothing has changed.
    """
    property = reservation.property
    candidates = _lock(property, unit)
    reservation = Reservation.objects.select_for_update(no_key=True, of=("self",)).with_unit().get(pk=reservation.pk)
    if not reservation.is_open:
        raise NotOpen(reservation)
    was = reservation.unit
    before = _facts(reservation, was)
    room = _choose(property, unit, stay, candidates, ignoring=reservation, staying_in=was)
    reservation.occupancies.all().delete()
    reservation.arrival, reservation.departure, reservation.party_size = stay.arrival, stay.departure, party_size
    reservation.nightly_rates = reservation.nightly_rates[:1] * stay.nights
    reservation.save(update_fields=["arrival", "departure", "party_size", "nightly_rates"])
    Guest.objects.filter(pk=reservation.guest_id).update(name=guest_name)
    reservation.guest.name = guest_name
    _occupy(reservation, room, unit)
    after = _facts(reservation, room)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        _record(reservation, Event.Action.CHANGED, actor, data=changed)
    return reservation


@one_transaction
def cancel(*, reservation, actor, reason=""):
    """Give the nights back. Raises NotOpen, Busy."""
    reservation = Reservation.objects.select_for_update(no_key=True, of=("self",)).with_unit().get(pk=reservation.pk)
    if not reservation.is_open:
        raise NotOpen(reservation)
    was, room = reservation.status, reservation.unit
    reservation.occupancies.all().delete()
    reservation.status = Status.CANCELLED
    reservation.save(update_fields=["status"])
    data = _facts(reservation, room) | {"unit_id": room.pk if room else None}
    _record(reservation, Event.Action.CANCELLED, actor, was=was, to=Status.CANCELLED, reason=reason, data=data)
    return reservation


@one_transaction
def reinstate(*, reservation, actor):
    """Undo a cancellation through the same door as a new booking: the same room, else the best-fitting free one.

    Raises DatesTaken, NotBookable, NotOpen (it is not cancelled), Busy.
    """
    candidates = _lock(reservation.property, None)
    reservation = Reservation.objects.select_for_update(no_key=True, of=("self",)).with_unit().get(pk=reservation.pk)
    if reservation.status != Status.CANCELLED:
        raise NotOpen(reservation)
    cancelled = reservation.events.filter(action=Event.Action.CANCELLED).first()
    was = next((unit for unit in candidates if unit.pk == cancelled.data.get("unit_id")), None)
    room = _choose(reservation.property, None, reservation.stay, candidates, staying_in=was)
    reservation.status = cancelled.from_status
    reservation.save(update_fields=["status"])
    _occupy(reservation, room, None)
    facts = _facts(reservation, room)
    _record(reservation, Event.Action.REINSTATED, actor, was=Status.CANCELLED, to=reservation.status, data=facts)
    return reservation


def _lock(property, unit):
    """Queue here: lock what may be taken, in primary-key order. Returns the locked units; [] for uncounted inventory.

    Raises NotBookable when the property or the unit is archived, or the unit belongs elsewhere.
    """
    units = Unit.objects.active().filter(property=property).order_by("pk").select_for_update(no_key=True, of=("self",))
    locked = list(units.filter(pk=unit.pk) if unit else units)
    if unit and not locked:
        raise NotBookable(f"Room {unit} cannot be booked any more. Choose another room.")
    if not locked:
        Property.objects.select_for_update(no_key=True).get(pk=property.pk)
    # Read after the lock: archiving locks the same rows.
    if not Property.objects.active().filter(pk=property.pk).exists():
        raise NotBookable(f"{property} is archived and takes no bookings. Choose another property.")
    return locked


def _choose(property, unit, stay, candidates, *, ignoring=None, staying_in=None):
    """The room to take among the locked candidates, or None for uncounted inventory. Raises DatesTaken."""
    if not candidates and not property.counts_rooms():
        return None
    free = _free_among(candidates, property, stay, ignoring)
    if not free:
        raise DatesTaken(_answer(property, unit, stay, ignoring))
    if staying_in in free:
        return staying_in
    return availability.best_fit(free, stay, ignoring=ignoring)


def _answer(property, unit, stay, ignoring=None):
    return availability.answer(property=property, unit=unit, stay=stay, ignoring=ignoring)


def _free_among(candidates, property, stay, ignoring):
    free = availability.free_units(property=property, stay=stay, ignoring=ignoring)
    return [unit for unit in free if unit in candidates]


def _unused_reference():
    while Reservation.objects.filter(reference=(reference := make_reference())).exists():
        pass
    return reference


def _occupy(reservation, room, asked_for):
    if room is None:
        return
    stay = reservation.stay
    # The last wall: what got past lock and check is still one conflict, not an error page.
    with refused_by(NO_SHARED_NIGHT, lambda: DatesTaken(_answer(reservation.property, asked_for, stay))):
        Occupancy.objects.create(
            unit=room,
            property_id=reservation.property_id,
            reservation=reservation,
            nights=DateRange(stay.arrival, stay.departure),
        )


def _facts(reservation, room):
    """What an event remembers, as JSON."""
    return {
        "arrival": reservation.arrival.isoformat(),
        "departure": reservation.departure.isoformat(),
        "unit": room.name if room else None,
        "guest": reservation.guest.name,
        "party_size": reservation.party_size,
    }


def _record(reservation, action, actor, *, was="", to="", reason="", data):
    Event.objects.create(
        reservation=reservation, action=action, actor=actor, from_status=was, to_status=to, reason=reason, data=data
    )
