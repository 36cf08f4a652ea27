"""The form of a group booking (booker, nights, how many rooms of each kind), and the one of its rooming list."""

import uuid
from dataclasses import dataclass

from crispy_forms.layout import HTML, Column, Row
from django import forms

from accounts.access import Action
from config.computed import computed
from config.forms import CleanCharField, Form, fields_only
from properties.models import Property
from properties.money import total
from reservations.booking.requests import DEFAULT_PARTY, MAX_PARTY, MOST_ROOMS
from reservations.booking.rooming_list import RoomName
from reservations.forms.fields import StayFields, key_of_request
from reservations.forms.guests import GuestFields
from reservations.forms.holds import HoldFields
from reservations.models import Guest
from reservations.offers.group_alternatives import instead_of
from reservations.offers.group_hints import RoomTypeOption, room_type_options


@dataclass(frozen=True)
class GroupLine:
    """One kind of room in the form, with its two fields: the number of rooms, and the guests in each."""

    kind: RoomTypeOption
    count: forms.BoundField
    party: forms.BoundField

    @property
    def rooms(self):
        """The number of rooms as typed; 0 for anything that is no such number."""
        typed = str(self.count.value() or "")
        return int(typed) if typed.isdecimal() and len(typed) < 4 else 0

    @property
    def guests(self):
        """The guests in each room as typed; 1 for anything that is no such number."""
        typed = str(self.party.value() or "")
        return max(1, int(typed)) if typed.isdecimal() and len(typed) < 4 else 1

    @property
    def total(self):
        """The price of these rooms; None until there are dates."""
        return self.kind.price * self.rooms if self.kind.price is not None else None

    @property
    def is_short(self):
        return self.kind.free is not None and self.rooms > self.kind.free


class GroupForm(GuestFields, HoldFields, StayFields):
    action = Action.BOOK
    property = forms.ModelChoiceField(
        Property.objects.active(),
        empty_label="Choose a property",
        error_messages={
            "required": "Choose a property.",
            "invalid_choice": "This property takes no bookings any more.",
        },
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["guest"].label = "Booker"
        self.fields["request_key"].initial = uuid.uuid4
        self.offer_holds(self.chosen_property)
        self.count_days_in(self.chosen_property)
        self.kinds = room_type_options(self.chosen_property, self._stay()) if self.chosen_property else []
        for kind in self.kinds:
            self._add_line(kind)

    @computed
    def chosen_property(self):
        """The property whose rooms are offered, or None until one is chosen."""
        if "_chosen_property" not in self.__dict__:
            value = self["property"].value()
            found = self.fields["property"].queryset.filter(pk=value) if str(value or "").isdecimal() else ()
            self._chosen_property = next(iter(found), None)
        return self._chosen_property

    @computed
    def lines(self):
        return [GroupLine(kind, self[f"count_{kind.key}"], self[f"party_{kind.key}"]) for kind in self.kinds]

    @computed
    def total(self):
        """The price of all rooms; None without dates or rooms."""
        totals = [line.total for line in self.lines if line.rooms]
        return total(totals) if totals and None not in totals else None

    @computed
    def instead(self):
        """What to offer when the rooms are not free; None if they are, or while dates or rooms are missing."""
        if "_instead" not in self.__dict__:  # the page shows it in two places
            self._instead = self._what_instead()
        return self._instead

    @computed
    def problems(self):
        """Why the dates will be refused, in the words of the refusal, if no field shows them already."""
        return self._dates().problems(besides=self.errors)

    @computed
    def said(self):
        """The errors that the form shows, as one text, so that hints do not say them again."""
        return " ".join(str(words) for errors in self.errors.values() for words in errors)

    def clean(self):
        cleaned = super().clean()
        rooms = [self._line_wanted(kind) for kind in self.kinds]
        cleaned["rooms"] = [line for line in rooms if line[1]]
        return cleaned

    def wanted(self):
        """The arguments of `booking.book_group`, except the actor, from a valid form."""
        cleaned, booker = self.cleaned_data, self.whom()
        return {
            "property": cleaned["property"],
            "stay": cleaned["stay"],
            "booker": booker["guest"],
            "booker_name": booker["guest_name"],
            "rooms": cleaned["rooms"],
            "is_hold": cleaned["is_hold"],
            "hold_until": cleaned["hold_until"],
            "request_key": key_of_request(self),
        }

    def field_of(self, refused):
        """The name of the field that shows a refusal of `book_group`; None for the top of the form."""
        if not getattr(refused, "line", None):
            return None
        if refused.field != "party_size":
            return refused.field
        [kind] = [kind for kind in self.kinds if kind.room_type == refused.line[0]]
        return f"party_{kind.key}"

    def _what_instead(self):
        stay = self._stay()
        lines = [(line.kind.room_type, line.rooms, line.guests) for line in self.lines if line.rooms]
        if not (stay and lines) or sum(rooms for _, rooms, _ in lines) > MOST_ROOMS:
            return None
        return instead_of(property=self.chosen_property, stay=stay, options=self.kinds, lines=lines)

    def _stay(self):
        """The Stay in the form, or None while the dates make none."""
        return self._dates().cleaned_data.get("stay")

    def _dates(self):
        dates = StayFields({name: self[name].value() for name in ("arrival", "departure")})
        dates.count_days_in(self.chosen_property)
        dates.is_valid()
        return dates

    def _add_line(self, kind):
        whole = {
            "invalid": "Write a whole number.",
            "min_value": "Write a whole number.",
            "max_value": "That is too many.",
        }
        self.fields[f"count_{kind.key}"] = forms.IntegerField(
            label=f"Rooms: {kind.name}", required=False, min_value=0, max_value=MOST_ROOMS, error_messages=whole
        )
        self.fields[f"party_{kind.key}"] = forms.IntegerField(
            label=f"Guests in each: {kind.name}",
            required=False,
            min_value=1,
            max_value=MAX_PARTY,
            initial=min(DEFAULT_PARTY, kind.sleeps or DEFAULT_PARTY),
            error_messages=whole,
        )

    def _line_wanted(self, kind):
        cleaned = self.cleaned_data
        return kind.room_type, cleaned.get(f"count_{kind.key}") or 0, cleaned.get(f"party_{kind.key}") or 1

    @computed
    def helper(self):
        return fields_only(
            "property",
            Row(Column("arrival"), Column("departure")),
            HTML("{% include 'reservations/groups/new.html#rooms' %}"),
            HTML("{% include 'reservations/guests/field.html' %}"),
            HTML("{% include 'reservations/guests/more.html' %}"),
            HTML("{% include 'reservations/hold.html' %}"),
            "request_key",
        )


class RoomingListForm(Form):
    """A name for each open stay of a group; empty for the booker's. `shown_…` has the name that the page showed.

    A stay whose name was not sent keeps the one that it has: a colleague may have reinstated it meanwhile.
    """

    def __init__(self, data=None, *, group, stays):
        super().__init__(data)
        self.group, self.all_stays = group, stays
        self.stays = [stay for stay in stays if stay.is_open]
        for stay in self.stays:
            self.fields[f"name_{stay.pk}"] = CleanCharField(
                label=f"Name for {stay.rooms or stay.reference}",
                required=False,
                max_length=Guest.LONGEST["name"],
                initial=self._shown_name(stay),
                widget=forms.TextInput({"autocomplete": "off", "placeholder": str(group)}),
            )
            self.fields[f"shown_{stay.pk}"] = CleanCharField(
                required=False,
                max_length=Guest.LONGEST["name"],
                initial=stay.guest.name,
                widget=forms.HiddenInput,
            )

    @computed
    def rows(self):
        """(stay, the field of its name, the hidden field of the name shown); None for both of a stay that is over."""
        for stay in self.all_stays:
            is_open = f"name_{stay.pk}" in self.fields
            yield stay, *(self[f"{field}_{stay.pk}"] if is_open else None for field in ("name", "shown"))

    def refresh_from(self, stays):
        """Show the names that others have given meanwhile, but for those that were typed. Saving again overwrites."""
        unchanged = {key for key, each in self.names().items() if each.name == each.shown}
        self.data = self.data.copy()
        for stay in stays:
            self.data[f"shown_{stay.pk}"] = stay.guest.name
            if stay.pk in unchanged:
                self.data[f"name_{stay.pk}"] = self._shown_name(stay)
        self.all_stays = stays

    def names(self):
        """The argument `names` of `name_guests` from a valid form."""
        cleaned = self.cleaned_data
        return {
            stay.pk: RoomName(shown=cleaned[f"shown_{stay.pk}"], name=cleaned[f"name_{stay.pk}"] or str(self.group))
            for stay in self.stays
            if f"name_{stay.pk}" in self.data
        }

    def _shown_name(self, stay):
        return "" if stay.guest_id == self.group.booker_id else stay.guest.name
