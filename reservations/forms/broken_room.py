"""The form of the page *This room is broken*: until when the room is closed, why, who moves where, a note."""

import re

from crispy_forms.layout import Column, Row
from django import forms

from accounts.access import Action
from config.computed import computed
from config.forms import CleanCharField, Form, fields_only
from properties.models import Unit
from reservations import handover
from reservations.forms.closures import ClosureDates
from reservations.models import Closure
from reservations.offers.rooms_for_guests import ONLY_WHILE_CLOSED
from reservations.stay import BadStay

# The fields with the new rooms are called by this and the reference of the stay.
ROOM = "room-"
NO_ROOM = "none"
ROOM_VALUE = re.compile(rf"[0-9]{{1,9}}({ONLY_WHILE_CLOSED})?")


class WhichRoomForm(Form):
    """The room that is broken."""

    action = Action.CLOSE

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Room",
        empty_label="Choose a room",
        widget=forms.Select({"autofocus": True}),
        error_messages={"required": "Choose a room.", "invalid_choice": "Choose a room of the list."},
    )

    def __init__(self, sent, *, actor):
        """`sent` is a QueryDict, with a `unit` or with the key of a `property` whose rooms are offered."""
        super().__init__(sent if "unit" in sent else None, actor=actor)
        units = (
            Unit.objects.visible_to(actor, self.action)
            .active()
            .filter(property__archived_at=None)
            .select_related("property", "room_type")
        )
        if re.fullmatch(r"[0-9]{1,9}", sent.get("property", "")):
            units = units.filter(property=sent["property"])
        self.fields["unit"].queryset = units.order_by("property__name", "property", "position", "name")
        self.fields["unit"].label_from_instance = _with_property

    def chosen_unit(self):
        """The unit, or None. Where there is one alone, as in an apartment, nobody needs to choose it."""
        if self.is_bound:
            return self.cleaned_data["unit"] if self.is_valid() else None
        units = self.fields["unit"].queryset[:2]
        return units[0] if len(units) == 1 else None

    @computed
    def helper(self):
        return fields_only("unit")


class NightsToClose(ClosureDates):
    """The nights to come on which `unit` is closed."""

    def __init__(self, data=None, *, unit, **options):
        super().__init__(data, **options)
        self.closed_unit = unit
        self.count_days_in(unit.property)

    def stay_of(self, arrival, departure):
        if arrival < self.closed_unit.property.today():
            raise BadStay("arrival", "What is past cannot be closed any more. Choose today or a later day.")
        return super().stay_of(arrival, departure)


class BrokenRoomForm(NightsToClose):
    """The nights on which the room is closed, why, where its guests go, and a note to the next shift."""

    kind = forms.ChoiceField(label="Why", choices=Closure.Kind.by_hand())
    note = CleanCharField(
        label="What is broken",
        required=False,
        max_length=Closure.LONGEST_NOTE,
        widget=forms.TextInput({"autofocus": True}),
    )
    handover_note = CleanCharField(
        label="Tell the next shift",
        required=False,
        paragraphs=True,
        max_length=handover.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, sent, *, unit, is_complete):
        """`sent` is the QueryDict with what was filled in so far; it is checked if `is_complete`."""
        initial = {"arrival": unit.property.today()} | sent.dict()
        super().__init__(sent if is_complete else None, unit=unit, initial=initial)
        self.sent = sent

    def wanted(self):
        """The arguments of `booking.close_and_move` from a valid form, except who moves where and the actor."""
        wanted = {name: self.cleaned_data[name] for name in ("stay", "kind", "note", "handover_note")}
        return wanted | {"unit": self.closed_unit}

    def chosen_rooms(self):
        """{reference of a stay: value of its new room, or None for no room}, where something is said of it."""
        said = {name.removeprefix(ROOM): self.sent[name] for name in self.sent if name.startswith(ROOM)}
        return {
            reference: None if value == NO_ROOM else value
            for reference, value in said.items()
            if value == NO_ROOM or ROOM_VALUE.fullmatch(value)
        }

    def moves(self, guests):
        """The arguments of `booking.close_and_move` that say where those of `guests` move of whom the page says it."""
        chosen = self.chosen_rooms()
        said = [each.reservation for each in guests if each.reservation.reference in chosen]
        values = {each.pk: chosen[each.reference] for each in said}
        keys = {pk: value and int(value.removesuffix(ONLY_WHILE_CLOSED)) for pk, value in values.items()}
        units = self.closed_unit.property.units.active().in_bulk(filter(None, keys.values()))
        return {
            "rooms": {pk: key and units[key] for pk, key in keys.items() if key is None or key in units},
            "only_while_closed": {pk for pk, value in values.items() if value and value.endswith(ONLY_WHILE_CLOSED)},
        }

    def stay(self):
        """The Stay for which the room would be closed; None while the dates make none."""
        dates = NightsToClose({name: self[name].value() for name in NightsToClose.base_fields}, unit=self.closed_unit)
        dates.is_valid()
        return dates.cleaned_data.get("stay")

    @computed
    def reason(self):
        return fields_only(Row(Column("kind"), Column("note")))

    @computed
    def dates(self):
        return fields_only(Row(Column("arrival"), Column("departure")))

    @computed
    def telling(self):
        return fields_only("handover_note")


def _with_property(unit):
    """Such as "204 · Harbour Hotel"; an apartment has one name alone."""
    return f"{unit} · {unit.property}" if unit.property.is_hotel else str(unit.property)
