"""What is offered where the rooms that a group asks for are not all free: other rooms then, and the next free dates."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from properties import limits
from properties.models import Property, RoomType, Unit
from properties.money import Money, total
from reservations.availability.allocation import BED, PERSON, PRICE, Matching, beds
from reservations.booking.groups import Line, TooFewRooms, shortage
from reservations.models import Occupancy
from reservations.offers.group_hints import RoomTypeOption
from reservations.stay import BadStay, Stay
from reservations.wording import short_span

HORIZON_DAYS = 90
SUGGESTIONS = 3
# Guests for whom other numbers of rooms are tried; above this that would take too long.
MOST_GUESTS = 200


@dataclass(frozen=True)
class MixedRooms:
    """Rooms in place of those asked for: how many of each option, and the guests in each."""

    parts: tuple[tuple[RoomTypeOption, int, int], ...]

    @property
    def words(self) -> str:
        """Such as 3 Double and 1 Twin."""
        words = [f"{count} {option.name}" for option, count, _ in self.parts]
        return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))

    @property
    def total(self) -> Money:
        return total([option.price * count for option, count, _ in self.parts if option.price is not None])


@dataclass(frozen=True)
class Instead:
    """Why the rooms cannot be booked, and what can be. `fields_of` has values for buttons of the form."""

    why: str
    mix: MixedRooms | None
    next_free: tuple[Stay, ...]
    options: Sequence[RoomTypeOption]

    @property
    def mix_fields(self) -> str:
        """The fields of the form for the mixed rooms, as in a query string; "" without such rooms."""
        if self.mix is None:
            return ""
        fields: dict[str, int | str] = {f"count_{option.key}": "" for option in self.options}
        for option, count, party_size in self.mix.parts:
            fields |= {f"count_{option.key}": count, f"party_{option.key}": party_size}
        return urlencode(fields)

    @property
    def dates(self) -> list[tuple[str, str]]:
        """(label, fields of the form) of the next dates on which the rooms asked for are free."""
        return [
            (short_span(stay), urlencode({"arrival": stay.arrival, "departure": stay.departure}))
            for stay in self.next_free
        ]


def instead_of(
    *, property: Property, stay: Stay, options: Sequence[RoomTypeOption], lines: Sequence[Line]
) -> Instead | None:
    """What to offer in place of the rooms of `lines`; None if they are free, or if rooms are not counted.

    `options` are those of `room_type_options` for `stay`. At most two queries.
    """
    if not options or any(option.free is None for option in options):
        return None
    why = _why_not(property, stay, options, lines)
    if not why:
        return None
    free = _of_each(options, [option.free or 0 for option in options])
    return Instead(
        why=why,
        mix=_same_number_of_rooms(property, stay, options, free, lines)
        or _other_number_of_rooms(property, stay, options, free, lines),
        next_free=_next_free(property, stay, lines),
        options=options,
    )


def _of_each(options: Sequence[RoomTypeOption], counts: Sequence[int]) -> list[int]:
    """The counts without those of other options: *Any room* counts all rooms, and here only those without a type."""
    typed = sum(count for option, count in zip(options, counts, strict=True) if option.room_type)
    return [count if option.room_type else count - typed for option, count in zip(options, counts, strict=True)]


def _why_not(property, stay, options, lines) -> str:
    """Why the rooms cannot be booked, in the words of the refusal; "" if they can."""
    free = _of_each(options, [option.free + option.not_empty for option in options])
    for room_type, _, party_size in lines:
        asked = [option.room_type for option in options if room_type in (None, option.room_type)]
        if not any(_suits(property, kind, stay, party_size) for kind in asked):
            nearest = limits.nearest(property=property, room_types=asked, party_size=party_size)
            return limits.refusal(property=property, room_type=nearest, nights=stay.nights, party_size=party_size)
    there = [(option.room_type, count) for option, count in zip(options, free, strict=True) if count]
    counts = [count for _, count in there]
    matching = _matching(property, stay, [room_type for room_type, _ in there], counts, lines)
    if not matching.unseated:
        return ""
    short = [shortage([lines[number] for number in numbers], counts, kinds) for numbers, kinds in matching.shortages()]
    return TooFewRooms(property, stay, short).why


def _suits(property: Property, room_type: RoomType | None, stay: Stay, party_size: int) -> bool:
    return not limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=party_size)


def _matching(property, stay, types, free, lines) -> Matching:
    """Seats each party in a room of its line's own type."""
    cost = {
        (number, kind): 0
        for number, (asked, _, party_size) in enumerate(lines)
        for kind, room_type in enumerate(types)
        if asked in (None, room_type) and _suits(property, room_type, stay, party_size)
    }
    return Matching(wanted=[count for _, count, _ in lines], gaps=[[0] * count for count in free], cost=cost)


def _same_number_of_rooms(property, stay, options, free, lines) -> MixedRooms | None:
    """As many rooms as asked for: as many of the types asked for as are free, and else the cheapest that sleep them."""
    cost = {
        (number, kind): (0 if asked in (None, option.room_type) else PERSON)
        + int(option.price.amount * 10_000) * PRICE
        + beds(property, option.room_type) * BED
        for number, (asked, _, party_size) in enumerate(lines)
        for kind, option in enumerate(options)
        if _suits(property, option.room_type, stay, party_size)
    }
    wanted = [count for _, count, _ in lines]
    matching = Matching(wanted=wanted, gaps=[[0] * count for count in free], cost=cost)
    if matching.unseated:
        return None
    return _mixed((options[kind], count, lines[number][2]) for (number, kind), count in matching.given.items() if count)


def _mixed(parts) -> MixedRooms:
    """One part for each option: the form has one number of rooms and one of guests for it, here the largest."""
    rooms: Counter[RoomTypeOption] = Counter()
    guests: dict[RoomTypeOption, int] = {}
    for option, count, party_size in parts:
        rooms[option] += count
        guests[option] = max(guests.get(option, 0), party_size)
    return MixedRooms(tuple((option, rooms[option], guests[option]) for option in rooms))


def _other_number_of_rooms(property, stay, options, free, lines) -> MixedRooms | None:
    """The cheapest two rooms or more that sleep all guests together; of equal prices the fewest rooms."""
    guests = sum(count * party_size for _, count, party_size in lines)
    if guests > MOST_GUESTS:
        return None
    # {guests that have a bed, capped: (price, rooms, how many rooms of each option)}, the cheapest for each
    cheapest: dict[int, tuple] = {0: (0, 0, ())}
    for option, count in zip(options, free, strict=True):
        sleeps = beds(property, option.room_type) or max(party_size for _, _, party_size in lines)
        most = min(count, -(-guests // sleeps)) if _suits(property, option.room_type, stay, 1) else 0
        price = option.price.amount
        longer: dict[int, tuple] = {}
        for seated, (cost, rooms, parts) in cheapest.items():
            for number in range(most + 1):
                key = min(guests, seated + number * sleeps)
                found = (cost + number * price, rooms + number, (*parts, number))
                longer[key] = min(longer.get(key, found), found)
        cheapest = longer
    _, rooms, parts = cheapest.get(guests, (0, 0, ()))
    if rooms < 2:
        return None
    chosen = [(option, number) for option, number in zip(options, parts, strict=True) if number]
    return MixedRooms(tuple(_with_guests(property, chosen, guests, lines)))


def _with_guests(property, chosen, guests, lines):
    """Fill the larger rooms first, the same number in each room of a type, until all guests have a bed."""
    for option, count in sorted(chosen, key=lambda part: -beds(property, part[0].room_type)):
        sleeps = beds(property, option.room_type) or max(party_size for _, _, party_size in lines)
        in_each = max(1, min(sleeps, -(-guests // count)))
        guests -= in_each * count
        yield option, count, in_each


def _next_free(property, stay, lines) -> tuple[Stay, ...]:
    """The next stays of the same length for which the rooms of `lines` are free, none of them overlapping another."""
    units = list(property.units.active().select_related("room_type"))
    types = list(dict.fromkeys(unit.room_type for unit in units))
    first = max(stay.arrival + dt.timedelta(days=1), property.today())
    free = _free_by_start(property, units, first, stay.nights)
    wanted = sum(count for _, count, _ in lines)
    found: list[Stay] = []
    day = 0
    while day < HORIZON_DAYS and len(found) < SUGGESTIONS:
        try:
            later = Stay.of_nights(first + dt.timedelta(days=day), stay.nights)
        except BadStay:
            break
        counts = Counter(unit.room_type for unit in units if free[unit.pk][day])
        numbers = [counts[room_type] for room_type in types]
        is_free = sum(numbers) >= wanted and not _matching(property, later, types, numbers, lines).unseated
        found += [later] if is_free else []
        day += stay.nights if is_free else 1
    return tuple(found)


def _free_by_start(property, units: Sequence[Unit], first: dt.date, nights: int) -> dict[int, bytearray]:
    """{key of a unit: for each of HORIZON_DAYS days from `first` on, whether it is free for `nights` from then}."""
    free = {unit.pk: bytearray(b"\1" * HORIZON_DAYS) for unit in units}
    last = first + dt.timedelta(days=HORIZON_DAYS + nights)
    taken = Occupancy.objects.in_force().filter(property=property, departure__gt=first, arrival__lt=last)
    for unit_id, arrival, departure in taken.values_list("unit_id", "arrival", "departure"):
        since = max(0, (arrival - first).days - nights + 1)
        until = min(HORIZON_DAYS, (departure - first).days)
        if unit_id in free and since < until:
            free[unit_id][since:until] = bytes(until - since)
    return free
