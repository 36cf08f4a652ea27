"""Rows whose keys are known beforehand, so that requests that are made up from the schema can name what exists."""

import base64
import copy
import datetime as dt
import json

from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import Property, RoomType, Unit
from reservations.models import Closure, Group, Occupancy, Status
from tests.factories import ARRIVAL, make_guest, make_reservation
from tests.notes.each_state import make_one_of_each, make_spoken

# Of the first row of each kind; far from where sequences are.
KEY = 1_900_000_000
EXISTING, TODAY, HELD, HERE, CANCELLED, PARTED, BESIDE = REFERENCES = [
    "RT-STAND",
    "RT-TDAYS",
    "RT-HHEDD",
    "RT-HERES",
    "RT-CNCED",
    "RT-PARTS",
    "RT-BESDE",
]
# The reservation to which each verb can be applied.
REFERENCE_FOR = {
    "confirm": HELD,
    "extend-hold": HELD,
    "check-in": TODAY,
    "no-show": TODAY,
    "check-out": HERE,
    "reinstate": CANCELLED,
    "join": PARTED,
}
SECOND_GUEST = KEY + 1
FREE_ROOM = KEY + 8
NOTE = "00000000-0000-4000-8000-00000000feed"
# The values of examples, by the member's name; of keys each list has its own.
VALUES = {
    "property": KEY,
    "guest": KEY,
    "room_type": KEY,
    "id": KEY,
    "unit": FREE_ROOM,
    "duplicate": SECOND_GUEST,
    "other": BESIDE,
    "reference": EXISTING,
    "reservation": EXISTING,
    "until": (timezone.now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
}
KEYS = [name for name, value in VALUES.items() if isinstance(value, int)]
# Where a page may begin, by what the list is ordered by.
PLACES = {
    "name": "G",
    "arrival": "2027-01-01",
    "position": 0,
    "-id": 2**40,
    "-recorded_at": "2100-01-01T00:00:00Z",
}


def make_known_rows():
    hotel = Property.objects.create(
        pk=KEY, kind=Property.Kind.HOTEL, name="Harbour Hotel", nightly_rate=90, time_zone="UTC", currency="EUR"
    )
    doubles = RoomType.objects.create(pk=KEY, property=hotel, name="Double", nightly_rate=90)
    rooms = [
        Unit(pk=KEY + number, property=hotel, room_type=doubles, name=f"10{number}", position=number)
        for number in range(10)
    ]
    Unit.objects.bulk_create(rooms)
    guest = make_guest(pk=KEY)
    make_guest("Amara Okafor-Silva", pk=SECOND_GUEST)
    today = hotel.today()
    soon = timezone.now() + dt.timedelta(hours=6)

    def stay(reference, room, arrival, **fields):
        return make_reservation(unit=room, arrival=arrival, guest=guest, reference=reference, **fields)

    stay(EXISTING, rooms[0], ARRIVAL, nights=4)
    stay(BESIDE, rooms[1], ARRIVAL, nights=4)
    stay(TODAY, rooms[2], today)
    stay(HELD, rooms[3], ARRIVAL, status=Status.HELD, hold_expires_at=soon)
    stay(HERE, rooms[4], today - dt.timedelta(days=2), status=Status.IN_HOUSE)
    stay(CANCELLED, rooms[5], ARRIVAL, status=Status.CANCELLED)
    parted = stay(PARTED, rooms[6], ARRIVAL, nights=4)
    parted.occupancies.update(nights=DateRange(parted.arrival, _after(2)))
    parted.occupancies.create(unit=rooms[7], property=hotel, nights=DateRange(_after(2), parted.departure))
    nights = DateRange(_after(10), _after(12))
    closure = Closure.objects.create(pk=KEY, unit=rooms[0], property=hotel, nights=nights)
    Occupancy.objects.create(unit=rooms[0], property=hotel, closure=closure, nights=nights)
    Group.objects.create(pk=KEY, booker=guest)
    make_one_of_each(parted)
    make_spoken(parted, pk=NOTE)


def _after(nights):
    return ARRIVAL + dt.timedelta(days=nights)


def naming_known_rows(document):
    """The document, with examples that name these rows."""
    document = copy.deepcopy(document)
    for path, operations in document["paths"].items():
        verb = path.strip("/").rpartition("/")[2]
        values = (
            VALUES
            | {"reference": REFERENCE_FOR.get(verb, EXISTING)}
            | ({"id": NOTE} if "/voice-notes/{" in path else {})
        )
        for operation in operations.values():
            _name_known_rows(operation, values)
    return document


def _name_known_rows(operation, values):
    for parameter in operation["parameters"]:
        name = parameter["name"]
        if parameter["in"] == "path" or (parameter["in"] == "query" and name in values and name != "room_type"):
            parameter["example"] = values[name]
        if name == "cursor":
            parameter["example"] = _cursor(operation)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for example in content.get("examples", {}).values():
            example["value"] = _with_values(example["value"], values)


def _with_values(value, values):
    if isinstance(value, list):
        return [_with_values(each, values) for each in value]
    if isinstance(value, dict):
        return {name: values[name] if name in values else _with_values(inner, values) for name, inner in value.items()}
    return value


def _cursor(operation):
    orders = {each["name"]: each["schema"].get("default") for each in operation["parameters"]}
    if "flexible_days" in orders:
        return "1"  # a search has pages with numbers
    text = json.dumps([PLACES.get(orders.get("ordering"), 0), 1])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
