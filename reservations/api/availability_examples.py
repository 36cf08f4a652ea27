"""Example responses about availability for the schema."""

from drf_spectacular.utils import OpenApiExample

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
_LOFT = {"id": 1, "name": "Harbour Loft", "kind": "apartment"}
_MIRAMAR = {"id": 2, "name": "Hotel Miramar", "kind": "hotel"}
_TAKEN_LOFT = {
    "property": _LOFT,
    "unit": None,
    "room_type": None,
    "date": "2027-05-03",
    "nights": 3,
    "party_size": 2,
    "available": False,
    "next_available_date": "2027-05-06",
    "is_in_the_past": False,
    "would_get": None,
    "not_left": None,
    "refusal": {
        "code": "dates_taken",
        "detail": "Harbour Loft is not free: Amara Okafor is there until Thu 6 May. "
        "The next 3 nights in a row are free from Thu 6 May.",
    },
    "in_the_way": [
        {
            "unit": {"id": 1, "name": "Harbour Loft"},
            "arrival": "2027-05-03",
            "departure": "2027-05-06",
            "reservation": "RT-7K3QX",
            "guest": "Amara Okafor",
            "closure": None,
            "closed_for": None,
        }
    ],
    "next_free": [{"arrival": "2027-05-06", "departure": "2027-05-09"}],
    "other_units": [],
    "other_properties": [_MIRAMAR],
    "total": "420.00",
    "currency": "EUR",
    "rates": [{"first": "2027-05-03", "nights": 3, "rate": "140.00", "currency": "EUR", "name": ""}],
    "looked_until": "2027-05-10",
    "windows": [{"arrival": "2027-05-06", "until": None, "nights": 4, "units": 1}],
    "free_by_night": [0, 0, 0, 1, 1, 1, 1],
}
_FREE_ROOM = _TAKEN_LOFT | {
    "property": _MIRAMAR,
    "unit": {"id": 12, "name": "204"},
    "available": True,
    "next_available_date": "2027-05-03",
    "would_get": {"id": 12, "name": "204"},
    "refusal": None,
    "in_the_way": [],
    "next_free": [],
    "other_properties": [],
    "total": "376.00",
    "rates": [
        {"first": "2027-05-03", "nights": 2, "rate": "118.00", "currency": "EUR", "name": ""},
        {"first": "2027-05-05", "nights": 1, "rate": "140.00", "currency": "EUR", "name": "Fair"},
    ],
    "windows": [{"arrival": "2027-05-03", "until": "2027-05-08", "nights": 5, "units": 1}],
    "free_by_night": [1, 1, 1, 1, 1, 0, 0],
}
_OFFER = {
    "room_type": _DOUBLE,
    "arrival": "2027-05-03",
    "departure": "2027-05-06",
    "units": [{"id": 12, "name": "204"}, {"id": 13, "name": "205"}],
    "must_name_unit": False,
    "total": "354.00",
    "currency": "EUR",
    "rates": [{"first": "2027-05-03", "nights": 3, "rate": "118.00", "currency": "EUR", "name": ""}],
}
_LATER = _OFFER | {
    "room_type": None,
    "arrival": "2027-05-06",
    "departure": "2027-05-09",
    "units": [{"id": 1, "name": "Harbour Loft"}],
    "total": "420.00",
    "rates": [{"first": "2027-05-06", "nights": 3, "rate": "140.00", "currency": "EUR", "name": ""}],
}
_NOTHING = {"available": False, "offers": [], "full": [], "not_left": [], "refusals": [], "alternatives": []}
_SEARCH = {
    "next": None,
    "results": [
        _NOTHING | {"property": _MIRAMAR, "available": True, "offers": [_OFFER]},
        _NOTHING | {"property": _LOFT, "alternatives": [{"how": "next free", "is_cheapest": False, "offer": _LATER}]},
    ],
    "arrival": "2027-05-03",
    "departure": "2027-05-06",
    "properties_free": 1,
    "units_free": 2,
}


def _example(name, value):
    return OpenApiExample(name, value, response_only=True, status_codes=["200"])


FLAT = _example("An apartment that is taken", _TAKEN_LOFT)
ROOM = _example("A room that is free", _FREE_ROOM)
FOUND = _example("A hotel with rooms, and an apartment without", _SEARCH)
