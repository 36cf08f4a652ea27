"""The form of the downtime pack's page."""

from django import forms

from accounts.access import Action
from config.forms import Form
from properties.models import Property
from reservations.overview.downtime import DAYS_SHOWN


class PackForm(Form):
    """What the pack shows. Values that cannot be read are ignored: all properties, for a week."""

    action = Action.EXPORT

    property = forms.ModelChoiceField(Property.objects.active().by_name(), required=False, empty_label="All properties")
    days = forms.TypedChoiceField(
        required=False,
        label="Rooms for",
        choices=[(n, f"{n} days") for n in DAYS_SHOWN],
        coerce=int,
        empty_value=None,
    )
