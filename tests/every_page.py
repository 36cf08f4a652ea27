"""Every page of the site, and things for it to show: two hotels and an apartment with stays in each state."""

import datetime as dt
import uuid

from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone

from accounts import tokens
from notes.erasure import erasing
from notes.models import Recording
from notes.models import Status as NoteStatus
from properties.models import Unit
from reservations import booking, guests
from reservations.models import Closure, Guest, Occupancy, Status
from reservations.stay import Stay
from tests.factories import (
    make_apartment,
    make_group,
    make_guest,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
)
from tests.notes.notes import make_note, make_typed

APPS = ("reservations", "properties", "notes", "accounts")


def routes():
    """Name and pattern of every address of our apps; those of the API and of Django's admin have tests of their own."""

    def walk(resolver, app, arguments):
        for each in resolver.url_patterns:
            inner = arguments | set(each.pattern.converters)
            if isinstance(each, URLResolver):
                yield from walk(each, each.app_name or app, inner)
            elif app in APPS:
                yield f"{app}:{each.name}", frozenset(inner)

    return sorted(set(walk(get_resolver(), "", set())), key=lambda route: (route[0], sorted(route[1])))


class World:
    """What pages are about. Each list has one of every sort that makes its pages differ."""

    def __init__(self, manager):
        self.manager = manager
        self.hotel = make_hotel(["101", "102", "103", "104", "105", "106"], name="Harbour Hotel")
        self.apartment, self.unlisted = make_apartment("Garden Flat"), make_hotel([], name="Old Mill")
        self.open_properties = [self.hotel, self.apartment, self.unlisted]
        self.today = self.hotel.today()
        self.double, self.suite = make_room_type(self.hotel), make_room_type(self.hotel, "Suite")
        self.rooms = list(self.hotel.units.all())
        Unit.objects.filter(name__in=["101", "102", "103"]).update(room_type=self.double)
        self._fill()

    def keys(self, name, arguments):
        """What each address of the route may be about: [] if nobody has said."""
        if not arguments:
            return [{}]
        if arguments == {"reference"}:
            return [{"reference": stay.reference} for stay in self.stays]
        things = getattr(self, KEYS.get(name, "nothing"), [])
        return [self._key(thing, arguments) for thing in things]

    def sort_of(self, keys, query):
        """Pages of one sort have equal forms: those about two stays of one property."""
        stay = next((stay for stay in self.stays if stay.reference == keys.get("reference")), None)
        return (stay.property_id, len(stay.segments)) if stay else (keys.get("pk"), query)

    nothing = ()

    def queries(self, name):
        """What else an address of the route may say, and then shows another form."""
        dates = f"arrival={self.today + dt.timedelta(days=40)}&departure={self.today + dt.timedelta(days=42)}"
        match name:
            case "reservations:new" | "reservations:new_group":
                asked = [f"?property={property.pk}&{dates}&guest=Ana" for property in self.open_properties]
            case "reservations:close":
                units = self.rooms[0], self.apartment.units.get()
                asked = [*(f"?unit={unit.pk}&{dates}" for unit in units), f"?property={self.hotel.pk}"]
            case "reservations:broken":
                asked = [f"?unit={unit.pk}" for unit in (*self.rooms[:3], self.apartment.units.get())]
            case "reservations:merge_guests":
                asked = [f"?with={self.guests[-1].pk}"]
            case "reservations:change":
                parts = [segment for stay in self.stays if len(stay.segments) > 1 for segment in stay.segments]
                asked = [f"?segment={segment.pk}" for segment in parts]
            case "reservations:find":
                asked = [f"?{dates}", f"?{dates}&property={self.hotel.pk}"]
            case "properties:new":
                asked = ["?kind=hotel", "?kind=apartment"]
            case _:
                asked = []
        return ["", *asked]

    def _key(self, thing, arguments):
        values = {"pk": getattr(thing, "pk", None), "key": getattr(thing, "pk", None), "index": 0, "instant": 1}
        return {name: values[name] for name in arguments}

    def _fill(self):
        self._stays()
        self._others()
        self._notes()
        self.rates = [make_rate(self.hotel, room_type=self.double), make_rate(self.apartment), make_rate(self.unlisted)]
        self.room_types = [self.double, self.suite]
        self.tokens = [tokens.issue(user=self.manager, name="Website", scopes=["availability"], actor=self.manager)[0]]

    def _stays(self):
        one, two, three, four, five, _ = self.rooms
        soon, later, now = self.today + dt.timedelta(days=2), self.today + dt.timedelta(days=9), timezone.now()
        sold = {"room_type": self.double}
        held = {"status": Status.HELD, "hold_expires_at": now + dt.timedelta(hours=5)}
        lapsed = {"status": Status.HELD, "hold_expires_at": now - dt.timedelta(hours=1)}
        self.in_house = make_reservation(
            unit=one, arrival=self.today - dt.timedelta(days=1), status=Status.IN_HOUSE, **sold
        )
        self.in_two_rooms = self._in_two_rooms(later)
        self.stays = [
            self.in_house,
            make_reservation(unit=two, arrival=self.today, guest="Bob Lindqvist", **sold),
            make_reservation(unit=three, arrival=soon, **held, **sold),
            make_reservation(unit=two, arrival=later, **lapsed, **sold),
            make_reservation(unit=four, arrival=later, is_locked=True),
            make_reservation(self.hotel, arrival=soon, status=Status.CANCELLED),
            make_reservation(self.hotel, arrival=self.today, status=Status.NO_SHOW),
            make_reservation(self.hotel, arrival=soon, status=Status.EXPIRED),
            make_reservation(unit=five, arrival=self.today - dt.timedelta(days=3), status=Status.CHECKED_OUT),
            self._without_a_room(soon),
            self.in_two_rooms,
            *self._elsewhere(self.apartment, soon, held),
            *self._elsewhere(self.unlisted, soon, held),
        ]

    def _elsewhere(self, property, soon, held):
        yield make_reservation(property, arrival=self.today - dt.timedelta(days=1), nights=2, status=Status.IN_HOUSE)
        yield make_reservation(property, arrival=soon)
        yield make_reservation(property, arrival=soon + dt.timedelta(days=5), **held)

    def _without_a_room(self, arrival):
        stay = make_reservation(self.hotel, arrival=arrival, guest="Cara Nunes")
        Occupancy.objects.filter(reservation=stay).delete()
        return stay

    def _in_two_rooms(self, arrival):
        stay = make_reservation(unit=self.rooms[4], arrival=arrival, nights=4)
        night = arrival + dt.timedelta(days=2)
        return booking.split(reservation=stay, night=night, unit=self.rooms[5], actor=self.manager)

    def _others(self):
        far = Stay.of_nights(self.today + dt.timedelta(days=30), 2)
        closed = {"stay": far, "kind": Closure.Kind.CLEANING, "actor": self.manager}
        self.closures = [
            booking.close(unit=self.rooms[5], note="The shower leaks", **closed),
            booking.close(unit=self.apartment.units.get(), **closed),
            booking.reopen(closure=booking.close(unit=self.rooms[4], **closed), actor=self.manager),
        ]
        self.groups = [self._group(self.hotel, far), self._group(self.unlisted, far)]
        self.guests = [self.in_house.guest, make_guest("Dana Weiss", phone="+49 170 1234567"), self._merged()]
        self.archived_room = self.hotel.units.create(name="13", archived_at=timezone.now())
        self.units = [self.rooms[0], self.archived_room]
        self.properties = [*self.open_properties, make_hotel(name="Closed Hotel", archived_at=timezone.now())]

    def _group(self, property, stay):
        group = make_group(make_guest("Choir of Gothenburg"))
        for unit in [*property.units.all()[:2]] or [None, None]:
            make_reservation(property, unit, arrival=stay.arrival, nights=2, guest=group.booker, group=group)
        return group

    def _merged(self):
        keep, duplicate = make_guest("Emil Roth"), make_guest("Emil Roth")
        guests.merge(keep=keep, duplicate=duplicate, actor=self.manager)
        return Guest.objects.get(pk=keep.pk)

    def _notes(self):
        about = {"reservation": self.in_house}
        self.notes = [
            make_note(transcript="Two towels.", **about),
            make_note(status=NoteStatus.FAILED, failure="engine", **about),
            make_note(status=NoteStatus.NO_SPEECH, **about),
            make_typed("Extra bed.", **about),
            make_typed("The boiler was reset.", property=self.hotel),
        ]
        self.recordings = [Recording.objects.create(pk=uuid.uuid4(), author=self.manager, **about, property=self.hotel)]
        self.erasures, self.events = [self._erased()], list(self.in_two_rooms.events.all())

    def _erased(self):
        note = make_note(transcript="Gone.", reservation=self.stays[1])
        return erasing.erase_notes_of(guest=note.reservation.guest, reason="Asked for it", seen=1, actor=self.manager)


# Whose keys the addresses of a route have; those with a reference are about stays.
ABOUT = {
    "properties": [
        "properties:detail properties:edit properties:rates properties:add_rate properties:add_rooms",
        "properties:add_room_type reservations:archive_property reservations:unarchive_property",
        "notes:create notes:type notes:mark_read",
    ],
    "units": ["properties:edit_room reservations:archive_room reservations:unarchive_room"],
    "room_types": ["properties:edit_room_type properties:remove_room_type"],
    "rates": ["properties:edit_rate properties:remove_rate"],
    "closures": ["reservations:closure reservations:reopen_closure reservations:calendar_closure"],
    "groups": [
        "reservations:group reservations:cancel_group reservations:confirm_group reservations:check_in_group",
        "reservations:check_out_group",
    ],
    "guests": [
        "reservations:guest reservations:change_guest reservations:merge_guests reservations:unmerge_guests",
        "notes:erase_guest notes:export_guest",
    ],
    "notes": [
        "notes:detail notes:audio notes:edit notes:revert notes:rate notes:delete notes:restore notes:retry",
        "notes:protect notes:unprotect notes:mark_unread",
    ],
    "recordings": ["notes:recording notes:chunk notes:stop notes:save notes:discard notes:undo_save"],
    "erasures": ["notes:erasure"],
    "tokens": ["accounts:revoke_token"],
    "events": ["reservations:undo"],
}
KEYS = {name: things for things, names in ABOUT.items() for line in names for name in line.split()}
