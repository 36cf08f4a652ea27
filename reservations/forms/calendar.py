"""What the tape chart is asked for: where it stands, and what it leaves out."""

import datetime as dt

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString

from config.computed import computed
from config.forms import Form
from properties.fields import DayField
from properties.models import Property
from reservations.stay import FIRST_DAY, LAST_DAY
from reservations.tape.bars import SHOWN
from reservations.tape.chart import DAYS_SHOWN, Position, local_today

# The chart opens a few days back: who left yesterday is still asked for at the desk.
DAYS_BACK = 3
# A longer list is not read: the property is chosen first.
MOST_CHOICES = {"property": 10_000, "room_type": 40, "floor": 40}


class LongSelect(forms.Select):
    """As Django draws it, but without a template for each of hundreds of choices."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = "".join([_option(str(key), str(words), chosen) for key, words in self.choices])
        facts = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return SafeString(f"<select{facts}>{options}</select>")


def _option(key, words, chosen):
    """A choice without a key is ours ("All properties"); the others are names."""
    facts = (" selected" if key in chosen else "") + (' translate="no"' if key else "")
    return f'<option value="{escape(key)}"{facts}>{escape(words)}</option>'


class ChartForm(Form):
    """What cannot be read, or is not there any more, is not asked for; the day falls back to today."""

    first = DayField(required=False)
    days = forms.TypedChoiceField(required=False, choices=[(n, n) for n in DAYS_SHOWN], coerce=int, empty_value=None)
    property = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=LongSelect)
    room_type = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=LongSelect)
    floor = forms.ChoiceField(required=False, widget=LongSelect)
    status = forms.ChoiceField(required=False, choices=[("", "All states"), *SHOWN.items()], label="State")

    def __init__(self, data, *, rooms, properties=()):
        """`rooms` are all there are, or those of the property asked for; then `properties` are all to choose from."""
        super().__init__(data)
        self.rooms = rooms
        names = dict(properties) or {room.property_id: room.property_name for room in rooms}
        self._offer("property", "All properties", names)
        offered = [room for room in rooms if str(room.property_id) == data.get("property")] or rooms
        self._offer("room_type", "All room types", _types(offered))
        floors = sorted({room.floor for room in offered if room.floor})
        self._offer("floor", "All floors", dict(zip(floors, floors, strict=True)))

    @computed
    def filters(self):
        """The fields that leave something out."""
        return [self[name] for name in ("property", "room_type", "floor", "status") if name in self.fields]

    def position(self) -> Position:
        """Where the chart stands; the form's first day says so, too."""
        self.is_valid()
        asked = self.cleaned_data
        return Position(
            first=asked.get("first") or local_today(self.rooms) - dt.timedelta(days=DAYS_BACK),
            days=asked.get("days") or DAYS_SHOWN[1],
            property=asked.get("property"),
            room_type=asked.get("room_type"),
            floor=asked.get("floor") or "",
            status=asked.get("status") or "",
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
    """By key: with the hotel's name, unless they are all of one."""
    several = len({room.property_id for room in rooms if room.kind == Property.Kind.HOTEL}) > 1
    named = {room.type_id: room for room in rooms if room.type_id}
    if several:
        return {key: f"{room.property_name} · {room.type_name}" for key, room in named.items()}
    return {key: room.type_name for key, room in named.items()}
