"""The forms of the pages that split, join and swap stays, or unassign a room."""

from django import forms
from django.db.models import F

from config.forms import CleanCharField, Form, fields_only
from properties.fields import DayField
from reservations import availability, wording
from reservations.availability import presence
from reservations.forms.fields import PRICING
from reservations.models import OPEN, Occupancy, Reservation, Status
from reservations.stay import BadStay, Stay


class RoomForm(Form):
    """A room of the stay's property for some of its nights. Rooms that are free for these nights come first."""

    unit = forms.TypedChoiceField(
        label="Room",
        empty_value=None,
        error_messages={"required": "Choose a room.", "invalid_choice": "Choose one of this hotel’s rooms."},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pricing = forms.ChoiceField(required=False, choices=PRICING, widget=forms.HiddenInput)

    def __init__(self, data=None, *, reservation, initial=None, **options):
        self.reservation = reservation
        super().__init__(data, initial={"version": reservation.version} | (initial or {}), **options)
        self.offer_rooms()

    def offer_rooms(self):
        rooms = {unit.pk: unit for unit in self.reservation.property.units.active().select_related("room_type")}
        self.fields["unit"].coerce = lambda key: rooms[int(key)]
        self.fields["unit"].choices = self._choices(rooms.values())

    def nights(self):
        """The Stay for which rooms are shown as free or taken; None while the dates make none."""
        return self.reservation.stay

    def wanted(self):
        """The arguments of the verb, except the reservation and the actor, from a valid form."""
        cleaned = self.cleaned_data
        return {"unit": cleaned["unit"], "version": cleaned["version"], "pricing": cleaned["pricing"] or None}

    def _choices(self, rooms):
        stay = self._still_to_come(self.nights())
        if stay is None:
            return [("", "Choose a room"), *((unit.pk, _room(unit)) for unit in rooms)]
        asked = {"stay": stay, "ignoring": self.reservation}
        free = set(availability.free_units(property=self.reservation.property, **asked))
        late = presence.overstays_of(self.reservation.property, **asked)
        empty = [(unit.pk, _room(unit)) for unit in rooms if unit in free and unit.pk not in late]
        if not free:
            self.fields["unit"].help_text = f"No room is free {wording.short_span(stay)}."
        left_late = [unit for unit in rooms if unit in free and unit.pk in late]
        not_empty = [(unit.pk, f"{_room(unit)} · {late[unit.pk].reservation.guest}") for unit in left_late]
        groups = [
            (f"Free {wording.short_span(stay)}", empty),
            ("Free, but the guest has not left", not_empty),
            ("Taken", [(unit.pk, _room(unit)) for unit in rooms if unit not in free]),
        ]
        return [("", "Choose a room"), *(group for group in groups if group[1])]

    def _still_to_come(self, stay):
        """The nights of `stay` that are still to come, if the party is in the house, else all of them."""
        today = self.reservation.property.today()
        if stay and self.reservation.status == Status.IN_HOUSE and stay.arrival < today < stay.departure:
            return Stay(today, stay.departure)
        return stay

    @property
    def helper(self):
        return fields_only("unit", "version", "pricing")


class JoinForm(RoomForm):
    """A room for all nights of a stay that has several."""


class SplitForm(RoomForm):
    """Another room from a certain night on."""

    night = DayField(
        label="First night in the other room", error_messages={"required": "Choose the night of the change."}
    )

    def offer_rooms(self):
        night, property = self.fields["night"], self.reservation.property
        night.today = property.today
        if self.reservation.arrival > property.today():
            night.since = self.reservation.arrival
        super().offer_rooms()

    def nights(self):
        try:
            return Stay(self.fields["night"].clean(self["night"].value()), self.reservation.departure)
        except (BadStay, forms.ValidationError):
            return None

    def wanted(self):
        return super().wanted() | {"night": self.cleaned_data["night"]}

    @property
    def helper(self):
        return fields_only("night", "unit", "version", "pricing")


class SwapForm(Form):
    """The stay with which to exchange rooms."""

    other = forms.ModelChoiceField(
        Reservation.objects.none(),
        label="With",
        empty_label="Choose a stay",
        error_messages={
            "required": "Choose a stay.",
            "invalid_choice": "This stay cannot swap any more. Choose another.",
        },
        to_field_name="reference",
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, reservation, initial=None, **options):
        super().__init__(data, initial={"version": reservation.version} | (initial or {}), **options)
        self.reservation = reservation
        self.fields["other"].queryset = swappable(reservation)
        self.fields["other"].label_from_instance = _stay_there

    def wanted(self):
        return {"second": self.cleaned_data["other"], "version": self.cleaned_data["version"]}

    @property
    def helper(self):
        return fields_only("other", "version")


class UnassignForm(Form):
    """Why a room is taken away from a stay."""

    reason = CleanCharField(
        max_length=200,
        help_text="It stands in the history.",
        error_messages={"required": "Write why: it stands in the history."},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, reservation, initial=None, **options):
        self.reservation = reservation
        super().__init__(data, initial={"version": reservation.version} | (initial or {}), **options)

    def wanted(self):
        return {name: self.cleaned_data[name] for name in ("reason", "version")}

    @property
    def helper(self):
        return fields_only("reason", "version")


def swappable(reservation):
    """Open stays in one other room of the property that share a night with the reservation, by room."""
    rows = Occupancy.objects.in_force().filter(property=reservation.property, reservation__status__in=OPEN)
    whole = rows.filter(arrival=F("reservation__arrival"), departure=F("reservation__departure"))
    others = whole.overlapping(reservation.stay).exclude(unit__in=[segment.unit_id for segment in reservation.segments])
    found = Reservation.objects.with_unit().filter(pk__in=others.values("reservation"))
    return found.order_by("occupancies__unit__position", "occupancies__unit__name", "arrival")


def _stay_there(reservation):
    return f"{reservation.unit} · {reservation.guest}, {wording.short_span(reservation.stay)}"


def _room(unit):
    return f"{unit} · {unit.room_type}" if unit.room_type else str(unit)
