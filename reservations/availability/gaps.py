"""The dates at which gaps between the stays of a unit begin, found without reading all of its stays."""

from django.db import connection

from config.statements import composed
from reservations.availability.free_rooms import SUITS
from reservations.stay import LAST_DAY

# The ORM cannot express this. PostgreSQL reads one unit's stays in order and stops at the first gaps that are wide
# enough, so that many years of stays cost no more. `{unit}` is the SQL expression for the unit's key.
GAPS = """
    WITH between_stays AS (
        SELECT start FROM (
            SELECT lag(departure, 1, %(since)s) OVER (ORDER BY departure) AS start, arrival AS until
            FROM reservations_occupancy
            WHERE unit_id = {unit} AND departure > %(since)s
              AND (expires_at IS NULL OR expires_at > statement_timestamp())
              AND reservation_id IS DISTINCT FROM %(ignored)s
        ) AS gap
        WHERE until - start >= %(nights)s LIMIT %(limit)s
    ), after_the_last AS (
        SELECT greatest(max(departure), %(since)s) AS start
        FROM reservations_occupancy
        WHERE unit_id = {unit}
          AND (expires_at IS NULL OR expires_at > statement_timestamp())
          AND reservation_id IS DISTINCT FROM %(ignored)s
    )
    SELECT start FROM between_stays
    UNION ALL
    SELECT start FROM after_the_last
    WHERE (SELECT count(*) FROM between_stays) < %(limit)s AND %(last_day)s - start >= %(nights)s
"""
IN_UNIT = GAPS.format(unit="%(unit)s") + "ORDER BY start LIMIT %(limit)s"
IN_PROPERTY = composed(
    """
    SELECT DISTINCT gap.start
    FROM properties_unit AS unit
    JOIN properties_property AS property ON property.id = unit.property_id
    LEFT JOIN properties_roomtype AS room_type ON room_type.id = unit.room_type_id
    CROSS JOIN LATERAL ({gaps}) AS gap
    WHERE unit.property_id = %(property)s AND unit.archived_at IS NULL
      AND (%(room_type)s IS NULL OR unit.room_type_id = %(room_type)s)
      AND {suits}
    ORDER BY gap.start LIMIT %(limit)s
    """,
    gaps=GAPS.format(unit="unit.id"),
    suits=SUITS,
)


def starts_in_unit(*, unit, nights, since, limit, ignoring=None):
    """The first `limit` dates, `since` or later, at which a gap of at least `nights` nights begins. One query.

    Earliest first. Only the part of a gap from `since` on counts. `ignoring` is a reservation that gives its nights
    back.
    """
    return _dates(IN_UNIT, nights, since, limit, ignoring, unit=unit.pk)


def starts_in_property(*, property, room_type=None, party_size=None, length=None, nights, since, limit, ignoring=None):
    """The same for any active room of the property, of `room_type` and with limits as in `free_rooms.SUITS`. One query.

    Each date is there one time, however many rooms have a gap from it on.
    """
    wanted = {"property": property.pk, "room_type": room_type and room_type.pk}
    wanted |= {"party_size": party_size, "length": length}
    return _dates(IN_PROPERTY, nights, since, limit, ignoring, **wanted)


def _dates(sql, nights, since, limit, ignoring, **wanted):
    ignored = ignoring.pk if ignoring else 0  # no row has this key; IS DISTINCT FROM NULL would drop the closures
    parameters = {"nights": nights, "since": since, "limit": limit, "ignored": ignored, "last_day": LAST_DAY}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | wanted)
        return [start for (start,) in cursor]
