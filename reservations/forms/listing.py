from crispy_forms.layout import Column, Row
from django import forms

from config.computed import computed
from config.forms import CleanCharField, Form, fields_only
from properties.fields import DayField, today_at
from properties.models import Property
from reservations.models import Status


class SearchForm(Form):
    """The filters of the list of reservations. A value that cannot be read is ignored, with an error at its field."""

    q = CleanCharField(
        required=False,
        label="Search reservations",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, number, RT-…, room"}),
    )
    property = forms.ModelChoiceField(Property.objects.all(), required=False, empty_label="All properties")
    date = DayField(required=False, label="Staying on")
    status = forms.ChoiceField(required=False, label="State", choices=[("", "All states"), *Status.choices])

    def __init__(self, data, **options):
        super().__init__(data, **options)
        self.fields["date"].today = lambda: today_at(self["property"].value())

    @computed
    def helper(self):
        return fields_only(
            Row(
                Column("q", css_class="col-md-3"),
                Column("property", css_class="col-md-3"),
                Column("date", css_class="col-6 col-md-3"),
                Column("status", css_class="col-6 col-md-3"),
            )
        )
