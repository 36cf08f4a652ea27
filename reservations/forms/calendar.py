"""The forms of the tape chart: its days and its filters, and of which nights the price is asked."""

import datetime as dt
from functools import partial

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString

from config.computed import computed
from config.forms import CleanCharField, Form
from properties import rates
from properties.fields import DayField
from properties.models import Property, Unit
from reservations.forms.fields import StayFields
from reservations.stay import FIRST_DAY, LAST_DAY
from reservations.tape.bars import SHOWN
from reservations.tape.chart import DAYS_SHOWN, Position, local_today

# Days before today with which the chart opens.
DAYS_BACK = 3
# The most choices of a filter. With more, the filter is left out: staff choose a property first.
MOST_CHOICES = {"property": 10_000, "room_type": 40, "floor": 40}


class LongSelect(forms.Select):
    """Django's Select, rendered without a template for each option, because there can be thousands."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = "".join([_option(str(key), str(words), chosen) for key, words in self.choices])
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return SafeString(f"<select{attributes}>{options}</select>")


def _option(key, words, chosen):
    """The HTML of an option. One with a key is a name, which browsers must not translate."""
    attributes = (" selected" if key in chosen else "") + (' translate="no"' if key else "")
    return f'<option value="{escape(key)}"{attributes}>{escape(words)}</option>'


class ChartForm(Form):
    """Values that cannot be read, or name something that does not exist, are ignored; `first` then depends on today."""

    first = DayField(required=False)
    days = forms.TypedChoiceField(required=False, choices=[(n, n) for n in DAYS_SHOWN], coerce=int, empty_value=None)
    property = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=LongSelect)
    room_type = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=LongSelect)
    floor = forms.ChoiceField(required=False, widget=LongSelect)
    status = forms.ChoiceField(required=False, choices=[("", "All states"), *SHOWN.items()], label="State")

    def __init__(self, data, *, rooms, properties=()):
        """`rooms` are all rooms, or those of the property in `data`; then `properties` are all that can be chosen."""
        super().__init__(data)
        self.rooms = rooms
        self.fields["first"].today = partial(local_today, rooms)
        names = dict(properties) or {room.property_id: room.property_name for room in rooms}
        self._offer("property", "All properties", names)
        offered = [room for room in rooms if str(room.property_id) == data.get("property")] or rooms
        self._offer("room_type", "All room types", _types(offered))
        floors = sorted({room.floor for room in offered if room.floor})
        self._offer("floor", "All floors", dict(zip(floors, floors, strict=True)))

    @computed
    def filters(self):
        """The fields that narrow what is shown."""
        return [self[name] for name in ("property", "room_type", "floor", "status") if name in self.fields]

    def position(self) -> Position:
        """The chart's days and filters, with defaults for what is missing or not valid."""
        self.is_valid()
        cleaned = self.cleaned_data
        return Position(
            first=cleaned.get("first") or local_today(self.rooms) - dt.timedelta(days=DAYS_BACK),
            days=cleaned.get("days") or DAYS_SHOWN[1],
            property=cleaned.get("property"),
            room_type=cleaned.get("room_type"),
            floor=cleaned.get("floor") or "",
            status=cleaned.get("status") or "",
        )

    def clean_first(self):
        first = self.cleaned_data["first"]
        return min(max(first, FIRST_DAY), LAST_DAY - dt.timedelta(days=max(DAYS_SHOWN))) if first else None

    def _offer(self, name, everything, choices):
        if 0 < len(choices) <= MOST_CHOICES[name]:
            self.fields[name].choices = [("", everything), *choices.items()]
        else:
            del self.fields[name]


def _types(rooms):
    """{key of a room type: its name}, with the hotel's name in front if there are types of several hotels."""
    several = len({room.property_id for room in rooms if room.kind == Property.Kind.HOTEL}) > 1
    named = {room.type_id: room for room in rooms if room.type_id}
    if several:
        return {key: f"{room.property_name} · {room.type_name}" for key, room in named.items()}
    return {key: room.type_name for key, room in named.items()}


class PriceForm(StayFields):
    """A room and the nights of which the price is asked, perhaps for a stay that would be moved there."""

    reference = CleanCharField(required=False, max_length=8)
    segment = forms.IntegerField(required=False)  # as in CalendarMoveForm
    unit = forms.ModelChoiceField(Unit.objects.active().select_related("property", "room_type"))

    def quote(self):
        """The Quote by today's rate table, from a valid form."""
        unit, stay = self.cleaned_data["unit"], self.cleaned_data["stay"]
        return rates.quote(
            property=unit.property, room_type=unit.room_type, arrival=stay.arrival, departure=stay.departure
        )
