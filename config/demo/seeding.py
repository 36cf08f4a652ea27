"""Fills an empty house with believable data: six weeks of stays around today, and a few voice notes."""

import datetime as dt
import random
import secrets
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from psycopg2.extras import DateRange

from accounts.models import User
from config.demo.houses import APARTMENTS, CANCELLATIONS, FIRST_NAMES, HOTELS, LAST_NAMES, SEASONS, STAFF
from notes import intake
from notes.models import VoiceNote
from properties import inventory, rates, room_names, room_types
from properties.models import Property
from reservations.models import Event, Guest, Occupancy, Reservation, Status

CLIPS = Path(__file__).parent / "clips"
# Days before and after today that have stays, and how full they are.
DAYS_BACK, DAYS_AHEAD = 21, 21
GAPS = (0, 0, 0, 1, 1, 2, 4)
NIGHTS = (1, 2, 2, 3, 3, 4, 5, 7)
# Which clip is spoken how many hours ago, by whom, about the stay nearest to today in which house.
SPOKEN = [
    ("late-checkout", 2, "lena", "Garden Flat"),
    ("allergy", 5, "ines", "Garden Flat"),
    ("airport-transfer", 26, "tom", "Garden Flat"),
    ("boiler-handover", 11, "tom", "Harbour Hotel"),
    ("noise-complaint", 9, "ines", "Harbour Hotel"),
    ("lost-key", 30, "lena", "Old Mill Loft"),
]


@transaction.atomic
def seed():
    """Make staff, houses, stays and notes; returns the sign-in name and the new password of the demo account."""
    chance = random.Random(7)  # noqa: S311  the same house every time
    password = secrets.token_urlsafe(9)
    staff = _staff(password)
    for property in _houses():
        for unit in property.units.select_related("property", "room_type"):
            _stays(unit, staff, chance)
    _notes({user.username: user for user in staff})
    return staff[0].username, password


def _staff(password):
    lena, *others = STAFF
    first = User.objects.create_superuser(lena[0], password=password, first_name=lena[1], last_name=lena[2])
    rest = [User.objects.create_user(name, first_name=given, last_name=family) for name, given, family in others]
    return [first, *rest]


def _houses():
    for kind, houses in ((Property.Kind.HOTEL, HOTELS), (Property.Kind.APARTMENT, APARTMENTS)):
        for house in houses:
            facts = {name: value for name, value in house.items() if name not in ("room_types", "rates")}
            made = inventory.create_property(kind=kind, **facts)
            types = {each["name"]: _room_type(made, **each) for each in house.get("room_types", ())}
            for line in house.get("rates", ()):
                _rate(made, types, **line)
            yield made


def _room_type(hotel, *, rooms, **facts):
    made = room_types.add_room_type(hotel=hotel, **facts)
    for floor, names in rooms.items():
        inventory.add_rooms(hotel=hotel, names=room_names.parse(names), room_type=made, floor=floor)
    return made


def _rate(house, types, *, room_type=None, season=None, **facts):
    first, last = _season(house, *SEASONS[season]) if season else (None, None)
    rates.add_rate(property=house, room_type=types.get(room_type), first_night=first, last_night=last, **facts)


def _season(house, first, last):
    """The season's first and last night, the next time that it ends."""
    today = house.today()
    ends = dt.date(today.year, *last)
    ends = ends if ends >= today else dt.date(today.year + 1, *last)
    begins = dt.date(ends.year, *first)
    return begins if begins <= ends else dt.date(ends.year - 1, *first), ends


def _stays(unit, staff, chance):
    today = unit.property.today()
    arrival = today - dt.timedelta(days=DAYS_BACK + chance.randrange(4))
    while arrival < today + dt.timedelta(days=DAYS_AHEAD):
        departure = arrival + dt.timedelta(days=chance.choice(NIGHTS))
        _reservation(unit, arrival, departure, _status(arrival, departure, today), staff, chance)
        arrival = departure + dt.timedelta(days=chance.choice(GAPS))


def _status(arrival, departure, today):
    if departure < today:
        return Status.CHECKED_OUT
    return Status.IN_HOUSE if arrival < today else Status.CONFIRMED


def _reservation(unit, arrival, departure, status, staff, chance):
    """A past is made here, which the booking verbs rightly cannot do; the constraints still hold."""
    booked_at = _booked_at(arrival, chance)
    guest = Guest(name=f"{chance.choice(FIRST_NAMES.split())} {chance.choice(LAST_NAMES.split())}")
    guest.save()
    clerk = chance.choice(staff)
    is_cancelled = status == Status.CONFIRMED and chance.random() < 0.08
    reservation = Reservation.objects.create(
        property=unit.property,
        guest=guest,
        room_type=unit.room_type,
        party_size=min(chance.choice((1, 2, 2, 2, 3, 4)), (unit.room_type or unit.property).sleeps),
        arrival=arrival,
        departure=departure,
        status=Status.CANCELLED if is_cancelled else status,
        nightly_rates=rates.quote(
            property=unit.property, room_type=unit.room_type, arrival=arrival, departure=departure
        ).rates,
        currency=unit.property.currency,
        created_at=booked_at,
        created_by=clerk,
    )
    event = {"reservation": reservation, "actor": clerk, "data": {"unit": unit.name, "unit_id": unit.pk}}
    Event.objects.create(action=Event.Action.BOOKED, to_status=Status.CONFIRMED, at=booked_at, **event)
    if is_cancelled:
        at = booked_at + dt.timedelta(hours=5)
        reason = chance.choice(CANCELLATIONS)
        states = {"from_status": Status.CONFIRMED, "to_status": Status.CANCELLED}
        Event.objects.create(action=Event.Action.CANCELLED, reason=reason, at=at, **states, **event)
        return
    nights = DateRange(arrival, departure)
    Occupancy.objects.create(unit=unit, property=unit.property, reservation=reservation, nights=nights)


def _booked_at(arrival, chance):
    ahead = dt.timedelta(days=chance.randrange(22, 60), hours=chance.randrange(8, 20), minutes=chance.randrange(60))
    return dt.datetime.combine(arrival, dt.time(), dt.UTC) - ahead


def _notes(staff):
    """Real audio through the real intake: the worker writes the texts a few seconds after the start."""
    for clip, hours, author, house in SPOKEN:
        stays = Reservation.objects.filter(property__name=house, status__in=(Status.IN_HOUSE, Status.CONFIRMED))
        reservation = stays.earliest("arrival", "pk")
        with (CLIPS / f"{clip}.wav").open("rb") as audio:
            note = intake.receive(reservation=reservation, author=staff[author], upload=File(audio))
        spoken_at = timezone.now() - dt.timedelta(hours=hours)
        VoiceNote.objects.filter(pk=note.pk).update(recorded_at=spoken_at)


def keep_account(name, password):
    """So that every later start can print it again."""
    path = settings.VAR_DIR / "demo-account"
    path.touch(mode=0o600)
    path.write_text(f"{name} {password}\n")
