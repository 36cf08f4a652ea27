"""Whom a room takes, and for how long: the largest party, the shortest and the longest stay."""

from properties import wording


def refusal(*, property, room_type, nights, party_size):
    """Why this party cannot be booked for this many nights, in the desk's words; "" when it can.

    A room type's own limit beats the property's; null, in both, is not limited. `room_type` is None for an apartment
    and for a hotel's room without one.
    """
    problems = [
        too_large_a_party(property=property, room_type=room_type, party_size=party_size),
        wrong_length(property=property, room_type=room_type, nights=nights),
    ]
    return " ".join(filter(None, problems))


def too_large_a_party(*, property, room_type, party_size):
    """Why so many cannot sleep there; "" when they can."""
    return _too_large_a_party(*_limit("sleeps", property, room_type), party_size) or ""


def wrong_length(*, property, room_type, nights):
    """Why stays of so many nights are not sold there; "" when they are."""
    too_short = _too_short(*_limit("min_nights", property, room_type), nights)
    return too_short or _too_long(*_limit("max_nights", property, room_type), nights) or ""


def nearest(*, property, room_types, party_size):
    """Of `room_types`, the one that comes nearest to taking so many: whose limits are the ones to speak of."""

    def how_far(room_type):
        is_too_small = bool(too_large_a_party(property=property, room_type=room_type, party_size=party_size))
        return is_too_small, -(_limit("sleeps", property, room_type)[0] or 0)

    return min(room_types, key=how_far)


def shortest(*, property, room_type):
    """How many nights a stay has at least."""
    return _limit("min_nights", property, room_type)[0] or 1


def _limit(field, property, room_type):
    """The limit that counts, and whose it is."""
    own = getattr(room_type, field, None)
    return (own, room_type) if own is not None else (getattr(property, field), property)


def _too_large_a_party(most, whose, party_size):
    return most is not None and party_size > most and f"{whose} sleeps {most}; this party has {party_size}."


def _too_short(least, whose, nights):
    return least is not None and nights < least and f"{whose} takes stays of at least {wording.nights(least)}."


def _too_long(most, whose, nights):
    return most is not None and nights > most and f"{whose} takes stays of at most {wording.nights(most)}."
