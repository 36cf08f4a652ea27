"""Limits of a room: the largest party, the shortest and the longest stay. Those of its type, or else of its property.

Searches check many rooms at once by the same rule in SQL, `reservations.availability.free_rooms.SUITS`. A test compares
both.
"""

from collections.abc import Iterable
from typing import TypeAlias

from properties import wording
from properties.models import Property, RoomType

Limit: TypeAlias = tuple[int | None, Property | RoomType | None]


def refusal(*, property: Property, room_type: RoomType | None, nights: int, party_size: int) -> str:
    """Why so many people cannot be booked for so many nights, in words for staff; "" when they can.

    The room type's own limit takes precedence over the property's; without either there is none. `room_type` is None
    for an apartment and for a hotel's room without a type.
    """
    problems = [
        too_large_a_party(property=property, room_type=room_type, party_size=party_size),
        wrong_length(property=property, room_type=room_type, nights=nights),
    ]
    return " ".join(filter(None, problems))


def too_large_a_party(*, property: Property, room_type: RoomType | None, party_size: int) -> str:
    """Why the party is too large, in words for staff; "" when it is not."""
    most, whose = _limit("sleeps", property, room_type)
    if most is None or party_size <= most:
        return ""
    return f"{whose} sleeps {most}; this party has {party_size}."


def wrong_length(*, property: Property, room_type: RoomType | None, nights: int) -> str:
    """Why stays of so many nights are not sold, in words for staff; "" when they are."""
    least, whose = _limit("min_nights", property, room_type)
    if least is not None and nights < least:
        return f"{whose} takes stays of at least {wording.nights(least)}."
    most, whose = _limit("max_nights", property, room_type)
    if most is not None and nights > most:
        return f"{whose} takes stays of at most {wording.nights(most)}."
    return ""


def nearest(*, property: Property, room_types: Iterable[RoomType | None], party_size: int) -> RoomType | None:
    """The one of `room_types` whose limits a refusal names: one that sleeps the party, if there is any; the largest."""

    def how_far(room_type: RoomType | None) -> tuple[bool, int]:
        is_too_small = bool(too_large_a_party(property=property, room_type=room_type, party_size=party_size))
        return is_too_small, -(_limit("sleeps", property, room_type)[0] or 0)

    return min(room_types, key=how_far)


def shortest(*, property: Property, room_type: RoomType | None) -> int:
    """The fewest nights of a stay."""
    return _limit("min_nights", property, room_type)[0] or 1


def _limit(field: str, property: Property, room_type: RoomType | None) -> Limit:
    """(the limit or None, the room type or property that has it)."""
    own = getattr(room_type, field, None)
    return (own, room_type) if own is not None else (getattr(property, field), property)
