"""The forms of the pages on which a room is closed."""

from crispy_forms.layout import Column, Row
from django import forms

from accounts.access import Action
from config.computed import computed
from config.forms import CleanCharField, Form, fields_only
from properties.edit_forms import EditForm
from properties.fields import DayField
from properties.models import Property, Unit
from reservations.forms.fields import StayFields
from reservations.models import Closure
from reservations.offers.room_search import earliest_today
from reservations.stay import FIRST_DAY, LAST_DAY, MAX_NIGHTS, BadStay, Stay


class ClosureDates(StayFields):
    """The nights on which a room is closed: until further notice if the day is empty on which it opens again."""

    arrival = DayField(
        today=earliest_today,
        label="Closed from",
        error_messages={"required": "Choose the first day on which it is closed."},
    )
    departure = DayField(
        today=earliest_today, label="Open again on", required=False, help_text="Left empty: until further notice."
    )

    def stay_of(self, arrival, departure):
        if departure and departure <= arrival:
            raise BadStay("departure", "It would be open again before it is closed. Choose a later day.")
        if departure and (departure - arrival).days > MAX_NIGHTS:
            raise BadStay("departure", f"A room is closed for at most {MAX_NIGHTS} nights at once.")
        try:
            return Stay(arrival, departure) if departure else Stay.until_further_notice(arrival)
        except BadStay as bad:
            words = f"Choose a day between {FIRST_DAY.year} and {LAST_DAY.year - 1}."
            raise BadStay(bad.field, words) from None


class ClosureForm(EditForm, ClosureDates):
    """The nights on which a room is not sold, and why."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Room",
        empty_label="Choose a room",
        error_messages={"required": "Choose a room.", "invalid_choice": "Choose one of these rooms."},
    )
    kind = forms.ChoiceField(label="Why", choices=Closure.Kind.by_hand())
    note = CleanCharField(required=False, max_length=Closure.LONGEST_NOTE, help_text="What is broken, who comes, when.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    closure: Closure | None = None  # the one that is changed

    def __init__(self, *args, property, **options):
        super().__init__(*args, **options)
        self.closed_property = property
        self.count_days_in(property)
        self.fields["unit"].queryset = property.units.active().select_related("property")

    @classmethod
    def of(cls, closure, data=None):
        facts = _closed(closure)
        form = cls(data, property=closure.property, initial=facts | {"version": closure.version})
        form.closure = closure
        return form.opened_on(facts)

    def stay_of(self, arrival, departure):
        stay = super().stay_of(arrival, departure)
        if self.closure is None and stay.departure <= self.closed_property.today():
            raise BadStay("departure", "What is past cannot be closed any more. Choose a later day.")
        return stay

    def wanted(self):
        """The arguments of `booking.close` and `booking.change_closure` from a valid form."""
        return {name: self.cleaned_data[name] for name in ("unit", "stay", "kind", "note")}

    def refresh_from(self, theirs):
        """Compare the form with the closure `theirs`, as it is saved now; saving again overwrites that version."""
        self.compare_with(_closed(theirs))
        self.data["version"] = theirs.version

    @computed
    def helper(self):
        return fields_only("unit", Row(Column("arrival"), Column("departure")), "kind", "note", "version")


class ClosurePropertyForm(Form):
    """The property of a closure, or its room, as far as the address names them."""

    action = Action.CLOSE

    unit = forms.ModelChoiceField(Unit.objects.active().select_related("property"), required=False)
    property = forms.ModelChoiceField(
        Property.objects.active(),
        required=False,
        empty_label="Choose a property",
        widget=forms.Select(attrs={"required": True}),
    )

    def chosen_property(self):
        """The property, or None."""
        self.is_valid()
        unit = self.cleaned_data.get("unit")
        return unit.property if unit else self.cleaned_data.get("property")

    @computed
    def helper(self):
        return fields_only("property")


def _closed(closure):
    """{field of ClosureForm: value of the closure}"""
    return {
        "unit": closure.unit,
        "arrival": closure.stay.arrival,
        "departure": None if closure.is_until_further_notice else closure.stay.departure,
        "kind": closure.kind,
        "note": closure.note,
    }
