"""Example responses for the schema."""

PROPERTY = {"id": 1, "name": "Garden Flat", "kind": "apartment"}


def reservation_shown(**differs):
    """A reservation of three nights in an apartment, with other values for some members."""
    nights = {"arrival": "2027-05-03", "departure": "2027-05-06"}
    return {
        "reference": "RT-7K3QX",
        "version": 2,
        "status": "confirmed",
        "property": PROPERTY,
        "room_type": None,
        "guest": {"id": 1, "name": "Amara Okafor"},
        "group": None,
        "party_size": 2,
        **nights,
        "nights": 3,
        "segments": [{"id": 1, "unit": {"id": 1, "name": "Garden Flat"}, **nights}],
        "hold_expires_at": None,
        "is_locked": False,
        "is_open": True,
        "is_unassigned": False,
        "is_arrival_delayed": False,
        "is_departure_delayed": False,
        "nightly_rates": ["140.00", "140.00", "140.00"],
        "price": "420.00",
        "currency": "EUR",
        "origin": "phone",
        "created_at": "2026-11-20T09:14:00Z",
        "created_by": "Alice Moreau",
        "event": None,
        "not_left": None,
        "steps": ["cancel"],
    } | differs


EVENT = {
    "id": 17,
    "act": "2f1c4a52-7d0e-4b6c-9a56-0e8f6d1b7c11",
    "action": "confirmed",
    "property": PROPERTY,
    "reservation": "RT-7K3QX",
    "closure": None,
    "from_status": "held",
    "to_status": "confirmed",
    "actor": "Alice Moreau",
    "at": "2026-11-20T09:14:00Z",
    "reason": "",
    "reason_code": "",
    "changes": ["State Held → Confirmed", "Held until 21 Nov 2026, 18:00 → none"],
    "data": {"status": ["held", "confirmed"], "hold_expires_at": ["2026-11-21T18:00:00+00:00", None]},
}
