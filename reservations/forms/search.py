"""The box on top of every page."""

from django import forms

from config.computed import computed
from config.forms import CleanCharField, Form, fields_only


class BoxForm(Form):
    """What is typed into the box. Its id is not `id_q`, which fields of the page below have."""

    q = CleanCharField(
        required=False,
        label="Search",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Guest, number, room, dates"}),
    )

    def text(self):
        """The text; "" for one that cannot be read, whose errors the page shows."""
        self.is_valid()
        return self.cleaned_data.get("q", "")

    @computed
    def helper(self):
        return fields_only("q")
