"""Input of the booking screens: types, order of dates, what belongs together. Whether it is free is not asked here."""

import uuid
from builtins import property as computed  # two forms have a field of that name

from crispy_forms.layout import HTML, Column, Row
from django import forms

from config.forms import CleanCharField, fields_only
from properties.models import Property, Unit
from reservations.models import Status
from reservations.stay import BadStay, Stay

MAX_PARTY = 99


def filled(data):
    """The form's data after a press of a suggestion (`take`), a day (`pick`) or a month; None if none was pressed.

    A suggestion is "property|unit|arrival|departure", each part empty to leave the field as it is. A picked day is
    the arrival, unless an arrival without departure stands before it.
    """
    if not data.keys() & {"take", "pick", "month"}:
        return None
    fields = data.dict()
    if "take" in data:
        names = ("property", "unit", "arrival", "departure")
        taken = dict(zip(names, data["take"].split("|"), strict=False))
        fields |= {name: value for name, value in taken.items() if value}
    elif "pick" in data:
        arrival, departure, day = fields.get("arrival", ""), fields.get("departure", ""), data["pick"]
        ends = arrival and not departure and day > arrival  # ISO dates compare as text
        fields |= {"departure": day} if ends else {"arrival": day, "departure": ""}
    return fields


class DayField(forms.DateField):
    """A local date, ISO only: 01/02/2027 would be read as the wrong day by half the world."""

    default_error_messages = {"invalid": "Write the date as year-month-day, such as 2027-05-03."}

    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **options)


class StayFields(forms.Form):
    """Arrival and departure, which together make `cleaned_data["stay"]`."""

    arrival = DayField(error_messages={"required": "Choose the day of arrival."})
    departure = DayField(error_messages={"required": "Choose the day of departure."})

    def clean(self):
        cleaned = super().clean()
        if "arrival" in cleaned and "departure" in cleaned:
            try:
                cleaned["stay"] = Stay(cleaned["arrival"], cleaned["departure"])
            except BadStay as bad:
                self.add_error(bad.field, bad.message)
        return cleaned


class WishForm(StayFields):
    """What is asked while the booking form is being filled: which nights, where."""

    property = forms.ModelChoiceField(Property.objects.active())
    unit = forms.ModelChoiceField(Unit.objects.active(), required=False)
    month = DayField(required=False)  # any day of the month to turn the calendar to
    shown = DayField(required=False)  # the first of the months that are on the screen

    def clean(self):
        cleaned = super().clean()
        property, unit = cleaned.get("property"), cleaned.get("unit")
        if unit and property and unit.property_id != property.pk:
            cleaned["unit"] = None  # the property was changed after the room
        return cleaned


class BookingForm(StayFields):
    property = forms.ModelChoiceField(
        Property.objects.active(),
        empty_label="Choose a property",
        error_messages={
            "required": "Choose a property.",
            "invalid_choice": "This property takes no bookings any more.",
        },
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Room",
        required=False,
        empty_label="Any free room",
        error_messages={"invalid_choice": "Choose one of this hotel's rooms, or any free room."},
    )
    guest = CleanCharField(
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the guest's name."},
    )
    party_size = forms.IntegerField(
        label="Guests",
        min_value=1,
        max_value=MAX_PARTY,
        initial=2,
        error_messages={
            "min_value": "At least one guest stays.",
            "max_value": f"At most {MAX_PARTY} guests in one reservation.",
            "invalid": "Write a whole number of guests.",
        },
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["request_key"].initial = uuid.uuid4
        property = self._chosen_property()
        if property and property.is_hotel:
            self.fields["unit"].queryset = property.units.active()

    @computed
    def offers_rooms(self):
        return self.fields["unit"].queryset.exists()

    def wish(self):
        """As much of what is in the form as makes sense so far; never an error."""
        named = {name: self[name].value() for name in ("property", "unit", "arrival", "departure")}
        turned = {name: (self.data or self.initial).get(name) for name in ("month", "shown")}
        form = WishForm(named | turned)
        form.is_valid()
        return form.cleaned_data

    def wanted(self):
        """A valid form as `booking.book` takes it."""
        cleaned = self.cleaned_data
        return {
            "property": cleaned["property"],
            "unit": cleaned["unit"],
            "stay": cleaned["stay"],
            "guest_name": cleaned["guest"],
            "party_size": cleaned["party_size"],
            "request_key": cleaned["request_key"],
        }

    def _chosen_property(self):
        """Whose rooms are offered; None until one is chosen."""
        value = self["property"].value()
        return self.fields["property"].queryset.filter(pk=value).first() if str(value or "").isdecimal() else None

    @computed
    def helper(self):
        return fields_only(
            "property",
            HTML("{% include 'reservations/new.html#room' %}"),
            Row(Column("arrival"), Column("departure")),
            HTML("{% include 'reservations/new.html#hints' %}"),
            Row(
                Column("guest", css_class="col-8"),
                Column("party_size", css_class="col-4"),
            ),
            "request_key",
        )


class ChangeForm(BookingForm):
    """A reservation's dates, room, guest and party. It stays in its property."""

    def __init__(self, *args, reservation, initial=None, **options):
        self.reservation = reservation
        unit = reservation.unit
        today = {
            "property": reservation.property_id,
            "unit": unit.pk if unit else None,
            "arrival": reservation.arrival,
            "departure": reservation.departure,
            "guest": reservation.guest.name,
            "party_size": reservation.party_size,
        }
        super().__init__(*args, initial=today | (initial or {}), **options)
        self.fields["property"].queryset = Property.objects.filter(pk=reservation.property_id)
        self.fields["property"].disabled = True

    def wanted(self):
        """A valid form as `booking.change` takes it."""
        wanted = super().wanted()
        del wanted["property"], wanted["request_key"]
        return wanted | {"reservation": self.reservation}


class SearchForm(forms.Form):
    """Filters of the list of reservations; what cannot be read is not filtered by, and said beside the field."""

    q = forms.CharField(
        required=False,
        label="Guest or reference",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name or RT-…"}),
    )
    property = forms.ModelChoiceField(Property.objects.all(), required=False, empty_label="All properties")
    date = DayField(required=False, label="Staying on")
    status = forms.ChoiceField(required=False, label="State", choices=[("", "All states"), *Status.choices])

    @computed
    def helper(self):
        return fields_only(
            Row(
                Column("q", css_class="col-md-4"),
                Column("property", css_class="col-md-3"),
                Column("date", css_class="col-6 col-md-2"),
                Column("status", css_class="col-6 col-md-3"),
            )
        )
