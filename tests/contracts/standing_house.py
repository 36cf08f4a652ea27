"""A small house whose keys are known beforehand, so that requests that are made up can meet what is there."""

import base64
import copy
import datetime as dt
import uuid
from decimal import Decimal

from django.utils import timezone

from properties.models import Property, Unit
from reservations.models import Status
from tests.factories import make_guest, make_hotel, make_reservation
from tests.notes.each_state import make_one_of_each, make_spoken

# Of every row; far from where sequences are.
KEY = 1_900_000_000
NOTE = uuid.UUID("3f0c5a1e-6d0e-4b8e-9a53-0f0a6c5b7d11")
REFERENCES = {
    "RT-CNFRM": Status.CONFIRMED,
    "RT-HHELD": Status.HELD,
    "RT-HERES": Status.IN_HOUSE,
    "RT-CNCLD": Status.CANCELLED,
}
# Of what is ordered by a date, or by words.
CURSOR = base64.urlsafe_b64encode(b'["2027-05-03", 1]').decode().rstrip("=")
# Names of members that hold a row's key, in bodies, queries and addresses.
KEYS = ("property", "unit", "guest", "room_type", "id", "booker", "duplicate", "with")


def furnish():
    flat = Property.objects.create(
        pk=KEY,
        kind=Property.Kind.APARTMENT,
        name="Garden Flat",
        nightly_rate=Decimal("140.00"),
        time_zone="Europe/Lisbon",
        currency="EUR",
    )
    Unit.objects.create(pk=KEY, property=flat, name="Garden Flat")
    make_hotel()
    guest = make_guest(pk=KEY)
    for number, (reference, status) in enumerate(REFERENCES.items()):
        arrival = flat.today() + dt.timedelta(days=4 * number)
        ends = timezone.now() + dt.timedelta(hours=6) if status == Status.HELD else None
        stay = make_reservation(
            flat, arrival=arrival, guest=guest, reference=reference, status=status, hold_expires_at=ends
        )
    make_one_of_each(stay)
    make_spoken(stay, pk=NOTE)


def at_home(document):
    """The document, with examples that speak of this house."""
    document = copy.deepcopy(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path" or parameter["name"] == "cursor":
                    is_note = parameter["schema"].get("format") == "uuid"
                    parameter["example"] = str(NOTE) if is_note else _here(parameter["name"], parameter.get("example"))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for example in content.get("examples", {}).values():
                    example["value"] = _at_home(example["value"])
    return document


def _at_home(value):
    if isinstance(value, dict):
        return {name: _here(name, inner) for name, inner in value.items()}
    return [_at_home(inner) for inner in value] if isinstance(value, list) else value


def _here(name, value):
    if name in KEYS and not isinstance(value, dict | list):
        return KEY
    if name == "cursor":
        return CURSOR
    if name == "reference":
        return next(iter(REFERENCES))
    return _at_home(value)
