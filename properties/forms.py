"""Forms for properties, rooms, room types and rates."""

import datetime as dt
import hashlib
from collections.abc import Iterable

from crispy_forms.layout import HTML, Column, Div, Field, Row
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from config.forms import CleanCharField, Form, fields_only
from properties import inventory, languages, money, rates, room_names, time_zones, wording
from properties.edit_forms import EditForm
from properties.fields import CountField, DayField, RateField, RoomsField, RoomTypeField, TimeZoneField, WeekdaysField
from properties.models import Property, Rate, Unit
from properties.room_names import BadRooms

LARGEST_PARTY, LONGEST_STAY, LONGEST_HOLD = 99, 999, 720
ZONE_CLOCK = (
    '<zone-clock class="form-text" data-for="id_time_zone"'
    "{% if is_first and not form.is_bound %} data-guess{% endif %}></zone-clock>"
)
ROOMS_BY_NAME_HELP = "One by one or as a range: 101–118, 201. Or “the rest”: all rooms without a room type."
THE_REST = ("the rest", "rest", "all others", "all other rooms", "others")
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
WHOLE_YEAR = dt.timedelta(days=366)


def _hour(label):
    widget = forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "placeholder": "15:00", "size": 5})
    message = "Write an hour between 00:00 and 23:59, such as 15:00."
    return forms.TimeField(
        label=label,
        widget=widget,
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M", "%H"],
        error_messages={"invalid": message},
    )


class StayLimits(EditForm):
    """The fewest and the most nights of a stay; empty is not limited."""

    min_nights = CountField(label="Shortest stay", most=LONGEST_STAY, of="nights", required=False)
    max_nights = CountField(label="Longest stay", most=LONGEST_STAY, of="nights", required=False)

    def clean(self):
        super().clean()
        least, most = self.cleaned_data.get("min_nights"), self.cleaned_data.get("max_nights")
        if least and most and most < least:
            self.add_error("max_nights", "The longest stay is shorter than the shortest one.")


class PropertyForm(StayLimits):
    """All fields of a property that may change."""

    name = CleanCharField(max_length=120)
    location = CleanCharField(max_length=200, required=False, help_text="Street and town, or how people find it.")
    description = CleanCharField(
        max_length=4000, required=False, paragraphs=True, widget=forms.Textarea(attrs={"rows": 4})
    )
    time_zone = TimeZoneField(help_text="Its “today” decides what is due in and out.")
    check_in_time = _hour("Check-in from")
    check_out_time = _hour("Check-out by")
    currency = forms.ChoiceField(
        choices=money.choices,
        error_messages={"invalid_choice": "Choose a currency of the list."},
    )
    nightly_rate = RateField(label="Price per night")
    sleeps = CountField(most=LARGEST_PARTY, of="guests", required=False, help_text="The largest party.")
    hold_hours = CountField(
        label="A hold lasts", most=LONGEST_HOLD, of="hours", help_text="Hours until unconfirmed nights become free."
    )

    language = forms.ChoiceField(
        label="Language of voice notes",
        required=False,
        help_text="What staff speak here.",
        error_messages={"invalid_choice": "Choose a language of the list."},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["language"].choices = [("", languages.unless_said()), *languages.choices()]
        if not languages.can_be_chosen():
            del self.fields["language"]
        self.fields["nightly_rate"].currency = self["currency"].value() or ""
        self._offer_currency(self.initial.get("currency"))

    def _offer_currency(self, current):
        """Offer the property's present currency too if it is in no list any more."""
        if current and current not in money.CURRENCIES:
            self.fields["currency"].choices = [(current, money.name_of(current)), *money.choices()]

    @classmethod
    def of(cls, property, data=None):
        form = cls(data, initial={field: getattr(property, field) for field in cls.base_fields})
        if property.is_hotel:
            del form.fields["sleeps"]  # a hotel's room types have it
        return form.opened_on(form.initial)

    @property
    def helper(self):
        terms = Div(self._terms(), self._limits(), css_class="stack")
        return fields_only(Div(self._identity(), terms, css_class="split"))

    @property
    def time_zones(self):
        return time_zones.names()

    def _identity(self):
        return _panel("What it is", "name", "location", "description", *self._language())

    def _terms(self):
        return _panel(
            "Arrival and price",
            "time_zone",
            HTML(ZONE_CLOCK),
            Row(Column("check_in_time"), Column("check_out_time")),
            Row(Column("nightly_rate"), Column("currency")),
        )

    def _language(self):
        return [name for name in ("language",) if name in self.fields]

    def _limits(self):
        sleeps = [Div("sleeps", css_class="only-for-apartments")] if "sleeps" in self.fields else []
        return _panel(
            "Guests, nights and holds", *sleeps, Row(Column("min_nights"), Column("max_nights")), "hold_hours"
        )


class NewPropertyForm(PropertyForm):
    """Has the kind as well, which never changes later, and the first rooms of a hotel."""

    kind = forms.ChoiceField(
        choices=Property.Kind.choices, error_messages={"invalid_choice": "Choose hotel or apartment."}
    )
    rooms = RoomsField(required=False)

    def clean(self):
        super().clean()
        field = "sleeps" if self.cleaned_data.get("kind") == Property.Kind.HOTEL else "rooms"
        self.cleaned_data[field] = None if field == "sleeps" else []
        self.errors.pop(field, None)

    def _identity(self):
        return _panel(
            "What it is",
            "kind",
            "name",
            "location",
            "description",
            *self._language(),
            Div("rooms", css_class="only-for-hotels"),
        )


class WithRoomType(EditForm):
    """Offers the property's room types; without any the field is left out."""

    def __init__(self, *args, property, **options):
        super().__init__(*args, **options)
        self.fields["room_type"].queryset = types = property.room_types.all()
        if not types:
            del self.fields["room_type"]


class AddRoomsForm(WithRoomType):
    rooms = RoomsField(label="Add rooms")
    room_type = RoomTypeField(empty_label="No room type")
    floor = CleanCharField(max_length=20, required=False)

    @property
    def helper(self):
        return fields_only("rooms", Row(*[Column(name) for name in ("room_type", "floor") if name in self.fields]))


class RoomForm(WithRoomType):
    name = CleanCharField(max_length=room_names.LONGEST_NAME)
    room_type = RoomTypeField(empty_label="No room type")
    floor = CleanCharField(max_length=20, required=False)

    @classmethod
    def of(cls, room, data=None):
        initial = {field: getattr(room, field) for field in cls.base_fields}
        return cls(data, property=room.property, initial=initial).opened_on(initial)

    @property
    def helper(self):
        return fields_only(*(name for name in self.fields if name != "seen"))


class RoomsOfTypeField(forms.ModelMultipleChoiceField):
    """Rooms by their names; rooms of another type have that type after the name."""

    type_key: int | None = None  # of the room type that is edited

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, room):
        other = room.room_type_id and room.room_type_id != self.type_key
        return f"{room} ({room.room_type})" if other else str(room)


class RoomsByNameField(CleanCharField):
    """Text such as "101–118, the rest", read as rooms among `rooms`. The form sets `rooms`, which have their types.

    "The rest" and "all others" are the rooms that have no type.
    """

    rooms: Iterable[Unit] = ()

    def __init__(self, **options):
        super().__init__(required=False, max_length=2000, help_text=ROOMS_BY_NAME_HELP, **options)

    def to_python(self, value):
        names = room_names.split(super().to_python(value))
        rest = [name for name in names if name.casefold() in THE_REST]
        named = self._named([name for name in names if name not in rest])
        return named + ([room for room in self.rooms if not room.room_type_id] if rest else [])

    def _named(self, names):
        try:
            wanted = room_names.parse(", ".join(names))
        except BadRooms as bad:
            raise forms.ValidationError(str(bad)) from None
        by_name = {room.name.casefold(): room for room in self.rooms}
        if unknown := [name for name in wanted if name.casefold() not in by_name]:
            raise forms.ValidationError(f"There is no room {room_names.in_words(unknown)} in this hotel.")
        return [by_name[name.casefold()] for name in wanted]


class Priced(Form):
    """A price in the property's currency. `currency` is the one that the page showed when the price was typed."""

    nightly_rate = RateField(label="Price per night")
    currency = forms.CharField(required=False, widget=forms.HiddenInput)

    def price_in(self, property):
        """Set the property whose currency the price is in. To be called by the form's constructor."""
        self.property = property
        self.fields["currency"].initial = property.currency
        self.fields["nightly_rate"].currency = property.currency
        self.fields["nightly_rate"].label += f" in {property.currency}"

    def clean(self):
        super().clean()
        try:
            inventory.refuse_foreign_price(self.property, self.cleaned_data.get("currency") or None)
        except inventory.PricedInAnother as refused:
            self.add_error("nightly_rate", refused.message)
            self.data = self.data.copy()
            self.data["currency"] = self.property.currency  # the message names it, so the next save goes through
        self.cleaned_data["currency"] = self.property.currency


class RoomTypeForm(Priced, StayLimits):
    """A hotel's room type, with its rooms, named or ticked. Those of another type get this type."""

    name = CleanCharField(max_length=80)
    sleeps = CountField(most=LARGEST_PARTY, of="guests", initial=2, help_text="The largest party.")
    field_order = ("name", "sleeps", "nightly_rate")
    named = RoomsByNameField(label="Rooms, as a list")
    rooms = RoomsOfTypeField(
        Unit.objects.none(),
        required=False,
        error_messages={"invalid_choice": "One of these rooms was archived meanwhile. Look at them again."},
    )

    def __init__(self, *args, property, type_key=None, **options):
        super().__init__(*args, **options)
        self.price_in(property)
        self.fields["min_nights"].help_text = self.fields["max_nights"].help_text = "Else as the hotel says."
        self.fields["rooms"].queryset = rooms = property.units.active().select_related("room_type")
        self.fields["rooms"].type_key = type_key
        self.fields["named"].rooms = rooms
        if not rooms:
            del self.fields["rooms"], self.fields["named"]

    def clean(self):
        super().clean()
        named, ticked = self.cleaned_data.pop("named", []), self.cleaned_data.get("rooms")
        if ticked is not None:
            self.cleaned_data["rooms"] = list({room.pk: room for room in [*ticked, *named]}.values())

    @classmethod
    def of(cls, room_type, data=None):
        initial = {
            name: getattr(room_type, name) for name in cls.base_fields if name not in ("named", "rooms", "currency")
        }
        initial["rooms"] = [unit.pk for unit in room_type.units.active()]
        form = cls(data, property=room_type.property, type_key=room_type.pk, initial=initial)
        return form.opened_on(initial)

    @property
    def helper(self):
        rooms = ["named", Field("rooms", template="properties/ticks.html")] if "rooms" in self.fields else []
        money_and_people = Row(Column("sleeps"), Column("nightly_rate"))
        nights = Row(Column("min_nights"), Column("max_nights"))
        return fields_only("name", money_and_people, nights, *rooms, "currency")


class RateForm(Priced, WithRoomType):
    """A line of the rate table. That its season does not end before it begins is checked by the verb.

    A price that is far from today's is asked about once: `accepted`, which is empty for any other, is sent by the
    button that takes it.
    """

    name = CleanCharField(max_length=80, help_text="As the quote names it, such as Summer or Weekend.")
    room_type = RoomTypeField(empty_label="All room types")
    first_night = DayField(required=False)
    last_night = DayField(required=False, surely_before=WHOLE_YEAR, help_text="This night included.")
    weekdays = WeekdaysField(
        label="Only on the nights of", required=False, help_text="None ticked: every night of the week."
    )
    accepted = forms.CharField(required=False)
    field_order = ("name", "room_type", "first_night", "last_night", "weekdays", "nightly_rate")

    asked = ""  # stands for the jumps of the price that the page asks about

    def __init__(self, *args, property, line=None, **options):
        super().__init__(*args, property=property, **options)
        self.line = line
        self.price_in(property)
        self.fields["first_night"].today = self.fields["last_night"].today = property.today

    def clean_first_night(self):
        """Count the last night from the first one, which is included: "+2" is a season of two nights."""
        first = self.cleaned_data["first_night"]
        if first and first > dt.date.min:
            self.fields["last_night"].since = first - dt.timedelta(days=1)
        return first

    @classmethod
    def of(cls, rate, data=None):
        facts = cls.base_fields.keys() - {"currency", "accepted"}
        initial = {name: getattr(rate, name) for name in facts}
        return cls(data, property=rate.property, line=rate, initial=initial).opened_on(initial)

    def clean(self):
        super().clean()
        accepted = self.cleaned_data.pop("accepted", "")
        if self.errors:
            return
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("currency", "seen")}
        line = Rate(pk=self.line and self.line.pk, property=self.property, **facts)
        words = [wording.jump(each, self.property) for each in rates.jumps(line)]
        if words and accepted != (asked := hashlib.sha256(" ".join(words).encode()).hexdigest()[:32]):
            self.asked = asked
            self.add_error(None, ["Nothing is saved yet. Are these prices meant?", *words])

    @property
    def helper(self):
        room_type = ["room_type"] if "room_type" in self.fields else []
        season = Row(Column("first_night"), Column("last_night"))
        weekdays = Field("weekdays", template="properties/ticks.html")
        return fields_only("name", *room_type, season, weekdays, "nightly_rate", "currency")


class PreviewForm(Form):
    """The first night of the preview of prices."""

    first = DayField(required=False, validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)])

    def __init__(self, data, *, property, **options):
        super().__init__(data, **options)
        self.fields["first"].today = property.today


class SearchForm(Form):
    """The filters of the list of properties. Its `cleaned_data` are the arguments of `PropertyQuerySet.shown`."""

    q = CleanCharField(label="Search properties", max_length=200, required=False)
    kind = forms.ChoiceField(
        choices=[("", "All kinds"), *Property.Kind.choices],
        required=False,
        error_messages={"invalid_choice": "Choose hotels, apartments or all kinds."},
    )
    archived = forms.BooleanField(label="Show archived", required=False)


def _panel(title, *fields):
    return Div(HTML(f"<header><h2>{title}</h2></header>"), Div(*fields, css_class="body"), css_class="panel")
