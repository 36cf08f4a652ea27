"""The filters of the Notes page. All of them are parameters of its address."""

import datetime as dt

from crispy_forms.layout import Column, Row
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef

from accounts.models import User
from config.computed import computed
from config.forms import CleanCharField, Form, fields_only
from notes.models import Status, VoiceNote
from properties.fields import DayField, today_at
from properties.models import Property

KINDS = [("", "Spoken and typed"), ("spoken", "Spoken"), ("typed", "Typed")]
ABOUT = [("", "Stays and hand-over"), ("stays", "Stays"), ("handover", "Hand-over")]
# Without "Typed", which is one of KINDS, and "Uploading", which lasts only a moment.
STATES = [("", "All states"), *(each for each in Status.choices if each[0] not in (Status.UPLOADING, Status.TYPED))]
LAST_PAGE = 200  # a search finds fewer hits than this many pages hold
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def _day(label):
    validators = [
        MinValueValidator(FIRST_DAY, f"Choose a day after {FIRST_DAY.year - 1}."),
        MaxValueValidator(LAST_DAY, f"Choose a day before {LAST_DAY.year + 1}."),
    ]
    return DayField(is_past=True, required=False, label=label, validators=validators)


class FilterForm(Form):
    """A filter that cannot be read is left out, and its field shows an error."""

    q = CleanCharField(
        required=False,
        label="Search notes",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Words, a guest, RT-…", "autocomplete": "off"}),
    )
    property = forms.ModelChoiceField(Property.objects.all(), required=False, empty_label="All properties")
    author = forms.ModelChoiceField(User.objects.none(), required=False, label="By", empty_label="Everybody")
    kind = forms.ChoiceField(required=False, label="Kind", choices=KINDS)
    about = forms.ChoiceField(required=False, label="About", choices=ABOUT)
    status = forms.ChoiceField(required=False, label="State", choices=STATES)
    since = _day("From")
    until = _day("To")
    unread = forms.BooleanField(required=False, label="Unheard by me")

    def __init__(self, *args, actor, **options):
        super().__init__(*args, actor=actor, **options)
        for name in ("since", "until"):
            self.fields[name].today = lambda: today_at(self["property"].value())
        written = VoiceNote.objects.visible_to(actor).filter(author=OuterRef("pk"))
        self.fields["author"].queryset = User.objects.filter(Exists(written)).order_by("first_name", "username")

    def asked(self):
        """The values of the filters that could be read and are not empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @computed
    def narrows(self):
        """Whether there is a filter besides the search."""
        return bool(self.asked().keys() - {"q"})

    @computed
    def has_wrong_filters(self):
        return bool(self.errors.keys() - {"q"})

    @computed
    def search(self):
        return fields_only("q")

    @computed
    def filters(self):
        return fields_only(
            Row(
                Column("property", css_class="col-6 col-lg-3"),
                Column("author", css_class="col-6 col-lg-3"),
                Column("kind", css_class="col-6 col-lg-3"),
                Column("about", css_class="col-6 col-lg-3"),
                Column("status", css_class="col-6 col-lg-3"),
                Column("since", css_class="col-6 col-lg-3"),
                Column("until", css_class="col-6 col-lg-3"),
                Column("unread", css_class="col-6 col-lg-3"),
                css_class="gx-3",
            )
        )


class PageForm(Form):
    """Which page is shown: the notes after the note `before`, or the page of that number of a search."""

    before = forms.UUIDField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def wanted(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
