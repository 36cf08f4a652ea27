"""The form of Find a room."""

from crispy_forms.layout import Div
from django import forms

from config.computed import computed
from config.forms import CleanCharField, Form, fields_only
from properties.fields import DayField
from properties.models import Property
from reservations.booking.requests import MAX_PARTY
from reservations.offers.room_search import MOST_FLEXIBLE_DAYS, Question, earliest_today
from reservations.stay import FIRST_DAY, LAST_DAY, MAX_NIGHTS, BadStay, Stay

FLEXIBLE = [(0, "Exact"), (1, "± 1 day"), *((days, f"± {days} days") for days in range(2, MOST_FLEXIBLE_DAYS + 1))]


class FindForm(Form):
    """What to search for."""

    arrival = DayField(today=earliest_today, error_messages={"required": "Choose the day of arrival."})
    nights = forms.IntegerField(
        min_value=1,
        max_value=MAX_NIGHTS,
        error_messages={
            "required": "Write how many nights.",
            "invalid": "Write a whole number of nights.",
            "min_value": "A stay has at least one night.",
            "max_value": f"A stay has at most {MAX_NIGHTS} nights.",
        },
    )
    flexible = forms.TypedChoiceField(
        label="Dates",
        choices=FLEXIBLE,
        coerce=int,
        required=False,
        error_messages={"invalid_choice": f"Choose up to {MOST_FLEXIBLE_DAYS} days earlier or later."},
    )
    party_size = forms.IntegerField(
        label="Guests",
        min_value=1,
        max_value=MAX_PARTY,
        error_messages={
            "required": "Write how many guests.",
            "invalid": "Write a whole number of guests.",
            "min_value": "At least one guest stays.",
            "max_value": f"At most {MAX_PARTY} guests in one reservation.",
        },
    )
    place = CleanCharField(
        label="Place or name",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "placeholder": "Anywhere"}),
    )
    kind = forms.ChoiceField(
        choices=[("", "All kinds"), *Property.Kind.choices],
        required=False,
        error_messages={"invalid_choice": "Choose hotels, apartments or all kinds."},
    )

    def __init__(self, data, **options):
        super().__init__(data, auto_id="find_%s", **options)

    def clean_arrival(self):
        arrival = self.cleaned_data["arrival"]
        if not FIRST_DAY <= arrival < LAST_DAY:
            raise forms.ValidationError(f"Choose an arrival between {FIRST_DAY.year} and {LAST_DAY.year - 1}.")
        return arrival

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if "arrival" in cleaned and "nights" in cleaned:
            try:
                cleaned["stay"] = Stay.of_nights(cleaned["arrival"], cleaned["nights"])
            except BadStay as bad:
                self.add_error("nights", bad.message)

    def question(self):
        """The Question for `room_search.find` from a valid form."""
        cleaned = self.cleaned_data
        return Question(
            stay=cleaned["stay"],
            party_size=cleaned["party_size"],
            flexible_days=cleaned["flexible"] or 0,
            place=cleaned["place"],
            kind=cleaned["kind"],
        )

    @computed
    def helper(self):
        return fields_only(Div("arrival", "nights", "flexible", "party_size", "place", "kind", css_class="find-fields"))
