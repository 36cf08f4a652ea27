"""The largest party, the shortest and the longest stay of a room: its room type's limit, else its property's.

Searches ask the same of many rooms at once in SQL: `reservations.availability.free_rooms.SUITS`. A test compares both.
"""

from collections.abc import Iterable
from typing import TypeAlias

from properties import wording
from properties.models import Property, RoomType

Limit: TypeAlias = tuple[int | None, Property | RoomType | None]


def refusal(*, property: Property, room_type: RoomType | None, nights: int, party_size: int) -> str:
    """Why this party cannot be booked for this many nights, in the desk's words; "" when it can.

    A room type's own limit beats the property's; null, in both, is not limited. `room_type` is None for an apartment
    and for a hotel's room without one.
    """
    problems = [
        too_large_a_party(property=property, room_type=room_type, party_size=party_size),
        wrong_length(property=property, room_type=room_type, nights=nights),
    ]
    return " ".join(filter(None, problems))


def too_large_a_party(*, property: Property, room_type: RoomType | None, party_size: int) -> str:
    """Why so many cannot sleep there; "" when they can."""
    most, whose = _limit("sleeps", property, room_type)
    if most is None or party_size <= most:
        return ""
    return f"{whose} sleeps {most}; this party has {party_size}."


def wrong_length(*, property: Property, room_type: RoomType | None, nights: int) -> str:
    """Why stays of so many nights are not sold there; "" when they are."""
    least, whose = _limit("min_nights", property, room_type)
    if least is not None and nights < least:
        return f"{whose} takes stays of at least {wording.nights(least)}."
    most, whose = _limit("max_nights", property, room_type)
    if most is not None and nights > most:
        return f"{whose} takes stays of at most {wording.nights(most)}."
    return ""


def nearest(*, property: Property, room_types: Iterable[RoomType | None], party_size: int) -> RoomType | None:
    """Of `room_types`, the one that comes nearest to taking so many: whose limits are the ones to speak of."""

    def how_far(room_type: RoomType | None) -> tuple[bool, int]:
        is_too_small = bool(too_large_a_party(property=property, room_type=room_type, party_size=party_size))
        return is_too_small, -(_limit("sleeps", property, room_type)[0] or 0)

    return min(room_types, key=how_far)


def shortest(*, property: Property, room_type: RoomType | None) -> int:
    """How many nights a stay has at least."""
    return _limit("min_nights", property, room_type)[0] or 1


def _limit(field: str, property: Property, room_type: RoomType | None) -> Limit:
    """The limit that counts, None where there is none, and whose it is."""
    own = getattr(room_type, field, None)
    return (own, room_type) if own is not None else (getattr(property, field), property)
