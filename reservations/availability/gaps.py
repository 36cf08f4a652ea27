"""Where a unit's free nights begin: the gaps between its stays, found without reading all of them."""

from django.db import connection

from config.statements import composed
from reservations.availability.free_rooms import SUITS
from reservations.stay import LAST_DAY

# The ORM cannot say these: they stream one unit's stays in order and stop at the first gaps that are wide enough, so
# that the answer does not cost more when there are many years of stays. `{unit}` is the unit looked at.
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
    """The first `limit` dates from `since` on at which a gap of at least `nights` begins, earliest first. One query."""
    return _dates(IN_UNIT, nights, since, limit, ignoring, unit=unit.pk)


def starts_in_property(*, property, room_type=None, party_size=None, length=None, nights, since, limit, ignoring=None):
    """The same dates for any active room (of `room_type`, for `party_size` and `length`, see SUITS). One query."""
    wanted = {"property": property.pk, "room_type": room_type and room_type.pk}
    wanted |= {"party_size": party_size, "length": length}
    return _dates(IN_PROPERTY, nights, since, limit, ignoring, **wanted)


def _dates(sql, nights, since, limit, ignoring, **wanted):
    ignored = ignoring.pk if ignoring else 0  # nobody's key; IS DISTINCT FROM NULL would drop the closures
    asked = {"nights": nights, "since": since, "limit": limit, "ignored": ignored, "last_day": LAST_DAY}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked | wanted)
        return [start for (start,) in cursor]
