"""Example responses for the schema."""

from drf_spectacular.utils import OpenApiExample

_LOFT = {
    "id": 1,
    "name": "Harbour Loft",
    "kind": "apartment",
    "description": "Two rooms under the roof; the key is in the box at the gate.",
    "location": "Alfama, Lisbon",
    "time_zone": "Europe/Lisbon",
    "today": "2027-05-01",
    "check_in_time": "15:00:00",
    "check_out_time": "11:00:00",
    "currency": "EUR",
    "nightly_rate": "140.00",
    "sleeps": 4,
    "min_nights": 2,
    "max_nights": None,
    "hold_hours": 24,
    "language": "pt",
    "room_count": 1,
    "is_unlimited": False,
    "archived_at": None,
    "archived_by": None,
}
_DOUBLE = {
    "id": 4,
    "name": "Double",
    "sleeps": 2,
    "nightly_rate": "118.00",
    "currency": "EUR",
    "min_nights": None,
    "max_nights": 21,
    "position": 0,
}
_ROOM = {
    "id": 12,
    "property": {"id": 2, "name": "Hotel Miramar", "kind": "hotel"},
    "name": "204",
    "room_type": _DOUBLE,
    "floor": "2",
    "position": 3,
    "archived_at": None,
    "archived_by": None,
}


def example(name, value):
    return OpenApiExample(name, value, response_only=True, status_codes=["200"])


def page(name, *rows):
    return example(name, {"next": None, "results": list(rows)})


PROPERTY = example("An apartment", _LOFT)
PROPERTIES = page("One apartment", _LOFT)
UNIT = example("A room", _ROOM)
UNITS = page("One room", _ROOM)
ROOM_TYPES = page("One type", _DOUBLE | {"room_count": 14})
