"""The form of the page New reservation."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial

from crispy_forms.layout import HTML, Column, Row
from django import forms

from accounts.access import Action
from config.computed import computed
from config.forms import CleanCharField, fields_only
from properties.fields import DayField, today_at
from properties.models import Property, RoomType, Unit
from reservations.booking.requests import DEFAULT_PARTY, MAX_PARTY, BookingRequest, type_mismatch
from reservations.forms.fields import StayFields, key_of_request
from reservations.forms.guests import GuestFields
from reservations.forms.holds import HoldFields
from reservations.models import Origin
from reservations.offers.room_search import earliest_today

PARTY_SIZE_ERRORS = {
    "min_value": "At least one guest stays.",
    "max_value": f"At most {MAX_PARTY} guests in one reservation.",
    "invalid": "Write a whole number of guests.",
}


def filled(data, *, property=None):
    """{field: text} after the button of a suggestion (`take`), a day (`pick`) or a `month`; None without such a button.

    A suggestion is "property|unit|arrival|departure"; an empty part leaves the field as it is. A picked day becomes the
    arrival, or the departure if the form has an earlier arrival and no departure. `property` is that of the form where
    no field names it.
    """
    if not data.keys() & {"take", "pick", "month"}:
        return None
    fields = data.dict()
    if "take" in data:
        names = ("property", "unit", "arrival", "departure")
        taken = dict(zip(names, data["take"].split("|"), strict=False))
        fields |= {name: value for name, value in taken.items() if value}
    elif "pick" in data:
        today = property.today if property else partial(today_at, data.get("property"))
        arrival, departure, day = (_day(data.get(name), today) for name in ("arrival", "departure", "pick"))
        ends = arrival and not departure and day and day > arrival
        fields |= {"departure": data["pick"]} if ends else {"arrival": data["pick"], "departure": ""}
    return fields


def _day(text: str | None, today: Callable[[], dt.date]) -> dt.date | None:
    """The day, or None for a text that says none."""
    try:
        return DayField(today=today, required=False).clean(text)
    except forms.ValidationError:
        return None


class CriteriaForm(StayFields):
    """The fields of a booking form, as far as they are filled in, that determine its hints."""

    property = forms.ModelChoiceField(Property.objects.active())
    unit = forms.ModelChoiceField(Unit.objects.active().select_related("room_type"), required=False)
    room_type = forms.ModelChoiceField(RoomType.objects.all(), required=False)
    party_size = forms.IntegerField(required=False, min_value=1, max_value=MAX_PARTY, error_messages=PARTY_SIZE_ERRORS)
    month = DayField(today=earliest_today, required=False)  # any day of the month to turn the calendar to
    shown = DayField(today=earliest_today, required=False)  # the first of the months that are on the screen

    def clean(self):
        cleaned = super().clean()
        property = cleaned.get("property")
        for name in ("unit", "room_type"):
            if property and cleaned.get(name) and cleaned[name].property_id != property.pk:
                cleaned[name] = None  # the property was changed after the room was chosen
        if words := type_mismatch(cleaned.get("unit"), cleaned.get("room_type")):
            self.add_error("unit", words)
        return cleaned


# The fields that CriteriaForm and the booking form share.
CRITERIA = ("property", "unit", "room_type", "arrival", "departure", "party_size")


class BookingForm(GuestFields, HoldFields, StayFields):
    action = Action.BOOK
    property = forms.ModelChoiceField(
        Property.objects.active(),
        empty_label="Choose a property",
        error_messages={
            "required": "Choose a property.",
            "invalid_choice": "This property takes no bookings any more.",
        },
    )
    room_type = forms.ModelChoiceField(
        RoomType.objects.none(),
        label="Room type",
        required=False,
        empty_label="Any type",
        error_messages={"invalid_choice": "Choose one of this hotel's room types, or any type."},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Room",
        required=False,
        empty_label="Any free room",
        error_messages={"invalid_choice": "Choose one of this hotel's rooms, or any free room."},
    )
    party_size = forms.IntegerField(
        label="Guests",
        min_value=1,
        max_value=MAX_PARTY,
        initial=DEFAULT_PARTY,
        error_messages=PARTY_SIZE_ERRORS,
    )
    origin = forms.ChoiceField(label="Source", choices=[("", "Not known"), *Origin.choices], required=False)
    overbook_reason = CleanCharField(
        label="Why overbook", max_length=200, required=False, widget=forms.TextInput({"required": True})
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    moves = forms.CharField(required=False, widget=forms.HiddenInput)  # the text of the plan that staff agreed to

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["request_key"].initial = uuid.uuid4
        self.property = self._chosen_property()
        self.offer_holds(self.property)
        self.count_days_in(self.property)
        if self.property:
            self._offer(self.property)
        if self._lacks_only_the_guest():
            self.fields["guest"].widget.attrs["autofocus"] = True

    @computed
    def offers_rooms(self):
        return self.fields["unit"].queryset.exists()

    @computed
    def offers_types(self):
        return self.fields["room_type"].queryset.exists()

    def _lacks_only_the_guest(self):
        """Whether an address, such as one of *Find a room*, has filled in everything before the guest's name."""
        is_new = not self.is_bound and not self.initial.keys() & {"take", "pick", "month"}
        return is_new and self.property and all(map(self.initial.get, ("arrival", "departure")))

    def unseen(self):
        is_offered = {"unit": self.offers_rooms, "room_type": self.offers_types}
        unseen = [*super().unseen(), *(name for name, is_there in is_offered.items() if not is_there)]
        return unseen if self._asks_why else [*unseen, "overbook_reason"]

    @computed
    def _asks_why(self):
        """Whether the button beside the field for a manager's reason was pressed."""
        return self.data.get("insists") == "overbook_reason"

    def clean(self):
        cleaned = super().clean()
        if self._asks_why and not cleaned.get("overbook_reason"):
            self.add_error("overbook_reason", "Write why: it stands in the history.")
        return cleaned

    def criteria(self):
        """The `cleaned_data` of a CriteriaForm with this form's values, without those that are not valid (yet).

        `problems` are the words for these, except where a field shows them already.
        """
        named = {name: self[name].value() for name in CRITERIA}
        turned = {name: (self.data or self.initial).get(name) for name in ("month", "shown")}
        form = CriteriaForm(named | turned, actor=self.actor)
        form.count_days_in(self.property)
        form.is_valid()
        return form.cleaned_data | {"problems": form.problems(besides=self.errors)}

    @computed
    def said(self):
        """The errors that the page shows at fields or above them, so that hints do not say them again."""
        return {words for errors in self.errors.values() for words in errors}

    def request(self):
        """The BookingRequest of a valid form."""
        cleaned = self.cleaned_data
        return BookingRequest(
            property=cleaned["property"],
            unit=cleaned["unit"],
            room_type=cleaned["room_type"],
            stay=cleaned["stay"],
            party_size=cleaned["party_size"],
            is_hold=cleaned["is_hold"],
            hold_until=cleaned["hold_until"],
            origin=cleaned["origin"],
            overbook_reason="" if cleaned["moves"] else cleaned["overbook_reason"],
            request_key=key_of_request(self),
            moves=cleaned["moves"],
        )

    def _offer(self, property):
        if property.is_hotel:
            self.fields["unit"].queryset = property.units.active().select_related("room_type")
            self.fields["room_type"].queryset = property.room_types.all()

    def _chosen_property(self):
        """The property whose rooms are offered, or None until one is chosen."""
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
                Column(HTML("{% include 'reservations/guests/field.html' %}"), css_class="col-8"),
                Column("party_size", css_class="col-4"),
            ),
            HTML("{% include 'reservations/guests/more.html' %}"),
            HTML("{% include 'reservations/hold.html' %}"),
            "origin",
            "request_key",
        )
