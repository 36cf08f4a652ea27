"""SQL for the rooms that are free for all nights of a stay, in one property or in all.

It is SQL because every search and every refusal runs it, and the ORM takes longer to build the query than the database
to answer it. A short stay that takes one of the nights departs at most SHORT_NIGHTS days after them, which bounds the
first range of the index; long stays are few and have an index of their own. Conditions on parameters that are NULL are
dropped by the planner, so that all columns it reads are in the index.
"""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models.functions import Coalesce

from config.statements import composed
from properties.models import Property, Unit
from reservations.models import SHORT_NIGHTS

TAKEN = """
    SELECT unit_id FROM reservations_occupancy
    WHERE departure > %(arrival)s AND arrival < %(departure)s
      AND (expires_at IS NULL OR expires_at > statement_timestamp())
      AND (%(property)s IS NULL OR property_id = %(property)s)
      AND (%(ignored)s IS NULL OR reservation_id IS DISTINCT FROM %(ignored)s)
"""
# The rule of `properties.limits.refusal`: the room type's own limits, or the property's where it has none.
SUITS = """
          (%(party_size)s IS NULL OR coalesce(room_type.sleeps, property.sleeps, %(party_size)s) >= %(party_size)s)
      AND (%(length)s IS NULL OR %(length)s BETWEEN coalesce(room_type.min_nights, property.min_nights, %(length)s)
                                                AND coalesce(room_type.max_nights, property.max_nights, %(length)s))
"""
FREE = f"""
    properties_unit AS unit
    JOIN properties_property AS property ON property.id = unit.property_id
    LEFT JOIN properties_roomtype AS room_type ON room_type.id = unit.room_type_id
    WHERE unit.archived_at IS NULL AND (%(property)s IS NOT NULL OR property.archived_at IS NULL)
      AND (%(property)s IS NULL OR unit.property_id = %(property)s)
      AND (%(properties)s IS NULL OR unit.property_id = ANY(%(properties)s::int[]))
      AND (%(room_type)s IS NULL OR unit.room_type_id = %(room_type)s)
      AND unit.id <> ALL(%(avoid)s::int[])
      AND {SUITS}
      AND unit.id NOT IN ({TAKEN} AND departure < %(edge)s)
      AND unit.id NOT IN ({TAKEN} AND departure >= %(edge)s AND departure - arrival > {SHORT_NIGHTS})
"""
IN_PROPERTY = composed("SELECT unit.* FROM {free} ORDER BY unit.position, unit.name", free=FREE)
BEST_IN_PROPERTY = composed(
    """
    SELECT unit.* FROM {free}
    ORDER BY unit.room_type_id IS DISTINCT FROM %(like)s, unit.position, unit.name LIMIT %(limit)s
    """,
    free=FREE,
)
OTHER_PROPERTIES = composed(
    """
    SELECT other.* FROM properties_property AS other
    WHERE other.id <> %(but)s AND other.id IN (SELECT unit.property_id FROM {free})
    ORDER BY other.location <> %(location)s, other.kind <> %(kind)s, other.kind, lower(other.name), other.id
    LIMIT %(limit)s
    """,
    free=FREE,
)
EVERYWHERE = composed(
    """
    SELECT unit.id, unit.name, unit.property_id, unit.room_type_id
    FROM {free} ORDER BY property.kind, lower(property.name), property.id, unit.position, unit.name
    """,
    free=FREE,
)


class FreeRoom(NamedTuple):
    """A unit that is free. It is no model instance, because a search finds hundreds and shows a few."""

    pk: int
    name: str
    property_id: int
    room_type_id: int | None

    def __str__(self):
        return self.name


def suiting(property, room_type=None, *, party_size=None, length=None):
    """A queryset of the property's active rooms whose limits allow the party and the number of nights, by position."""
    rooms = property.units.active().order_by("position", "name")
    if room_type:
        rooms = rooms.filter(room_type=room_type)
    if party_size is not None:
        rooms = rooms.alias(most=_limit("sleeps", party_size)).filter(most__gte=party_size)
    if length is not None:
        shortest, longest = _limit("min_nights", length), _limit("max_nights", length)
        rooms = rooms.alias(shortest=shortest, longest=longest).filter(shortest__lte=length, longest__gte=length)
    return rooms


def in_property(property, stay, **wanted) -> list[Unit]:
    """The free rooms of the property by position. `wanted` are the keywords of `_parameters`. One query."""
    return list(Unit.objects.raw(IN_PROPERTY, _parameters(stay, property=property.pk, **wanted)))


def best_in_property(property, stay, *, like, limit, **wanted) -> list[Unit]:
    """The first `limit` free rooms of the property; those of the room type with the key `like` come first. One
    query."""
    parameters = _parameters(stay, property=property.pk, **wanted)
    return list(Unit.objects.raw(BEST_IN_PROPERTY, parameters | {"like": like, "limit": limit}))


def other_properties(property, stay, *, limit, **wanted) -> list[Property]:
    """Active properties with a free unit: those at the same location first, then those of the same kind. One query."""
    own = {"but": property.pk, "kind": property.kind, "location": property.location, "limit": limit}
    return list(Property.objects.raw(OTHER_PROPERTIES, own | _parameters(stay, **wanted)))


def everywhere(stay, **wanted) -> list[FreeRoom]:
    """The free rooms of all active properties, property by property. One query."""
    with connection.cursor() as cursor:
        cursor.execute(EVERYWHERE, _parameters(stay, **wanted))
        return [FreeRoom(*row) for row in cursor]


def _parameters(
    stay, *, property=None, properties=None, room_type=None, party_size=None, length=None, ignoring=None, avoid=()
):
    """The parameters of the statements above; None does not narrow the search.

    `property` and `properties` are keys, `avoid` are keys of units to leave out. The limits of a room must allow
    `party_size` people and `length` nights. `ignoring` is the reservation that moves.
    """
    return {
        "arrival": stay.arrival,
        "departure": stay.departure,
        "edge": stay.departure + dt.timedelta(days=SHORT_NIGHTS),
        "property": property,
        "properties": properties,
        "room_type": room_type and room_type.pk,
        "party_size": party_size,
        "length": length,
        "ignored": ignoring and ignoring.pk,
        "avoid": list(avoid),
    }


def _limit(field, unlimited):
    """The room type's own limit, or the property's where the type has none."""
    return Coalesce(f"room_type__{field}", f"property__{field}", unlimited)
