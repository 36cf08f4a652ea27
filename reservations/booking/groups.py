"""Several reservations under one booker, made together or not at all."""

import uuid

from properties import limits, rates
from reservations import availability, guests
from reservations.booking.nights import Draft, Part, expire, lock_units, look, occupy, taking_nights
from reservations.booking.refusals import DatesTaken
from reservations.booking.stays import (
    first_event,
    new_reservation,
    refuse_ended,
    refuse_outside_limits,
    unused_references,
)
from reservations.models import Event, Group, Reservation, price_columns
from reservations.wording import span


class TooFewRooms(DatesTaken):
    """`short` holds what is missing: (room type or None, wanted, free)."""

    def __init__(self, property, stay, short):
        missing = "; ".join(_missing(*each) for each in short)
        super(DatesTaken, self).__init__(f"{property} has too few rooms, {span(stay)}: {missing}. Nothing was booked.")
        self.short = short
        self.answer = self.reservation = None


@taking_nights
def book_group(*, property, stay, booker_name="", booker=None, rooms, actor, hold_until=None, request_key=None):
    """Reserve several rooms for `stay` under one booker: all of them or none. Returns the Group.

    `rooms` are (room type, how many, guests in each); a room type of None takes any free room, after the others have
    chosen. `booker` as `guest` of `book`; `hold_until` and `request_key` as there.
    Raises TooFewRooms (a DatesTaken) with how many of which type are free, NotBookable, OutsideLimits, Busy.
    """
    booker = guests.hold(booker)
    candidates = lock_units(property)
    if made := _made_before(request_key, property, stay, booker.name if booker else booker_name):
        return made
    if request_key and Reservation.objects.filter(request_key=request_key).exists():
        request_key = None  # the form was changed after its first success: another booking
    if hold_until:
        refuse_ended(hold_until)
    taken = _choose_rooms(property, candidates, stay, rooms)
    group = Group.objects.create(booker=guests.saved(booker, booker_name))
    tables, references = rates.tables_of([property]), unused_references(len(taken))
    reservations = [
        new_reservation(
            property=property,
            stay=stay,
            sold=sold,
            hold_until=hold_until,
            actor=actor,
            reference=reference,
            guest=group.booker,
            group=group,
            party_size=party_size,
            **price_columns(_quote(tables, property, sold, stay)),
            # One reservation carries the key for all of them: it is unique.
            request_key=None if number else request_key,
        )
        for number, (reference, (_, sold, party_size)) in enumerate(zip(references, taken, strict=True))
    ]
    Reservation.objects.bulk_create(reservations)
    parts = [[Part(unit, stay)] if unit else [] for unit, _, _ in taken]
    occupy([Draft(reservation, {}, own) for reservation, own in zip(reservations, parts, strict=True)])
    act = uuid.uuid4()  # undone together
    events = Event.objects.bulk_create(
        first_event(reservation, own, actor=actor, act=act)
        for reservation, own in zip(reservations, parts, strict=True)
    )
    group.new_event = events[0]
    return group


def _made_before(request_key, property, stay, booker_name):
    """The group that an earlier press of the same form made."""
    made = request_key and Reservation.objects.filter(request_key=request_key).select_related("group__booker").first()
    if not made or not made.group or made.property_id != property.pk:
        return None
    if (made.stay, made.group.booker.name) != (stay, booker_name):
        return None
    made.group.new_event = made.events.earliest("pk")
    return made.group


def _choose_rooms(property, candidates, stay, rooms):
    """(unit or None, room type that is sold, guests) for each reservation. Raises TooFewRooms, OutsideLimits."""
    standing, lapsed = look([Part(unit, stay) for unit in candidates])
    taken = {row.unit_id for row in standing}
    left = [unit for unit in candidates if unit.pk not in taken]
    is_counted = bool(candidates) or property.counts_rooms()
    chosen, short = [], []
    for room_type, count, party_size in sorted(rooms, key=lambda line: line[0] is None):
        refuse_outside_limits(property, room_type, stay, party_size)
        fitting = [unit for unit in left if _fits(unit, property, room_type, stay, party_size)]
        if is_counted and len(fitting) < count:
            short.append((room_type, count, len(fitting)))
            continue
        units = _best(fitting, count, stay) if is_counted else [None] * count
        left = [unit for unit in left if unit not in units]
        chosen += [(unit, unit.room_type if unit else room_type, party_size) for unit in units]
    if short:
        raise TooFewRooms(property, stay, short)
    keys = {unit.pk for unit, _, _ in chosen if unit}
    expire([row.reservation_id for row in lapsed if row.unit_id in keys])
    return chosen


def _fits(unit, property, room_type, stay, party_size):
    if room_type and unit.room_type_id != room_type.pk:
        return False
    return not limits.refusal(property=property, room_type=unit.room_type, nights=stay.nights, party_size=party_size)


def _best(units, count, stay):
    """`count` of the free `units`, those whose gaps the stay fills most tightly first."""
    units, chosen = list(units), []
    for _ in range(count):
        chosen.append(availability.best_fit(units, stay))
        units.remove(chosen[-1])
    return chosen


def _quote(tables, property, room_type, stay):
    return tables.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure).rates


def _missing(room_type, wanted, free):
    what = f"of {room_type}" if room_type else "in all"
    return f"{free or 'none'} {what} free, {wanted} wanted"
