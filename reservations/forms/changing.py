"""The form of the page Change: dates, room, party and guest of a reservation."""

import functools
from decimal import Decimal

from crispy_forms.layout import HTML, Column, Row
from django import forms

from config.computed import computed
from config.forms import CleanCharField, fields_only
from properties.edit_forms import EditForm
from properties.money import Money
from reservations.booking import ChangeRequest, SegmentGone
from reservations.booking.requests import MAX_PARTY
from reservations.forms.booking import PARTY_SIZE_ERRORS, CriteriaForm, filled
from reservations.forms.fields import PRICING, StayFields
from reservations.forms.guests import GuestName
from reservations.models import Status
from reservations.offers.room_choices import RoomChoices

# Fields that a link to the page may put the cursor in.
FIELDS_TO_FOCUS = ("arrival", "departure", "unit", "guest", "party_size")
# Value of `pricing`: the field with the total that its button shows.
TOTALS = {"keep": "kept_total", "requote": "requoted_total"}


class TotalField(forms.RegexField):
    """A total as the page writes it for itself, such as “572.00 EUR”; its value is a Money, or None."""

    widget = forms.HiddenInput

    def __init__(self, **options):
        super().__init__(r"^[0-9]{1,15}(\.[0-9]{1,6})? [A-Z]{3}\Z", **options)

    def clean(self, value):
        amount, _, currency = super().clean(value).partition(" ")
        return Money(Decimal(amount), currency) if amount else None


class ChangeForm(EditForm, GuestName, StayFields):
    """Changes a reservation, or with `segment` the dates and the room of this segment alone.

    The field `unit` has the key of a unit, or that of a room type after ANY_OF_TYPE; "" of a stay that has no room or
    several keeps them as they are. `version` is the reservation's when the form was opened. `pricing` is set by the
    buttons that ask about a price, and the two totals are those that they show.
    """

    unit = forms.ChoiceField(
        label="Room",
        required=False,
        widget=forms.Select({"required": True}),  # there is always a choice
        error_messages={"invalid_choice": "Choose one of this hotel’s rooms."},
    )
    party_size = forms.IntegerField(label="Guests", min_value=1, max_value=MAX_PARTY, error_messages=PARTY_SIZE_ERRORS)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pricing = forms.ChoiceField(choices=PRICING, required=False)
    kept_total = TotalField(required=False)
    requoted_total = TotalField(required=False)
    overrule_reason = CleanCharField(
        label="Why nevertheless", max_length=200, required=False, widget=forms.TextInput({"required": True})
    )

    def __init__(self, data=None, *, actor, reservation, segment_key="", initial=None):
        self.reservation = reservation
        self.segment = _segment(reservation, segment_key)
        self.is_segment_gone = bool(segment_key) and self.segment is None and len(reservation.segments) > 1
        facts = _as_it_is(reservation, self.segment)
        super().__init__(data, actor=actor, initial=facts | {"version": reservation.version} | (initial or {}))
        self._offer_rooms()
        self.count_days_in(reservation.property)
        self.opened_on(facts)
        self.say_whose_stays(reservation)
        if self.keeps_arrival:
            self.fields["arrival"].widget = forms.HiddenInput()

    @computed
    def keeps_arrival(self):
        """Whether the arrival cannot be changed, because the party is in the house."""
        segments = self.reservation.segments
        is_first = self.segment is None or self.segment.pk == segments[0].pk
        return self.reservation.status == Status.IN_HOUSE and is_first

    @computed
    def asks_why(self):
        """Whether the button beside the field for a manager's reason was pressed."""
        return self.data.get("insists") == "overrule_reason"

    @computed
    def room_list_is_for(self):
        """The values on which the list of rooms depends; the page sends back those of the list that it shows."""
        return "|".join(str(self[name].value() or "") for name in ("arrival", "departure", "party_size"))

    def focus(self, name):
        """Let the cursor be in the field `name` when the page is opened, if there is such a field."""
        if name in FIELDS_TO_FOCUS and name in self.fields:
            self.fields[name].widget.attrs["autofocus"] = True

    def unseen(self):
        fields = ["pricing", "kept_total", "requoted_total"]
        return fields if self.asks_why else [*fields, "overrule_reason"]

    def clean(self):
        cleaned = super().clean()
        if self.is_segment_gone:
            self.add_error(None, SegmentGone().message)
        if self.asks_why and not cleaned.get("overrule_reason"):
            self.add_error("overrule_reason", "Write why: it stands in the history.")
        return cleaned

    def request(self):
        """The ChangeRequest of a valid form."""
        cleaned = self.cleaned_data
        return ChangeRequest(
            stay=cleaned["stay"],
            party_size=cleaned["party_size"],
            pricing=cleaned["pricing"] or None,
            total_shown=cleaned.get(TOTALS.get(cleaned["pricing"], "")),
            overrule_reason=cleaned["overrule_reason"],
            **self._rooms(),
            **self.whom(),
        )

    def request_so_far(self):
        """The ChangeRequest of the dates, room and party as far as they are filled in; no `stay` without dates."""
        criteria = self.criteria
        return ChangeRequest(stay=criteria.get("stay"), party_size=criteria.get("party_size"), **self._rooms())

    @computed
    def criteria(self):
        """The `cleaned_data` of a CriteriaForm with this form's values, without those that are not valid (yet)."""
        form = self._criteria_form()
        form.is_valid()
        return form.cleaned_data

    @computed
    def problems(self):
        """Why the values so far will be refused, in words, except where a field says it already."""
        return self._criteria_form().problems(besides=self.errors)

    def _criteria_form(self):
        named = {name: self[name].value() for name in ("arrival", "departure", "party_size")}
        turned = {name: (self.data or self.initial).get(name) for name in ("month", "shown")}
        form = CriteriaForm(named | turned, actor=self.actor)
        form.count_days_in(self.reservation.property)
        return form

    def refresh_from(self, theirs):
        """Compare the form with the reservation `theirs`, as it is saved now; saving again overwrites that version."""
        self.reservation = theirs
        self.segment = self.segment and _segment(theirs, str(self.segment.pk))
        self._offer_rooms()
        facts = _as_it_is(theirs, self.segment)
        self.compare_with({name: value for name, value in facts.items() if name in self.fields})
        self.data["version"] = theirs.version

    def _rooms(self):
        """The members of a ChangeRequest that say which rooms it is about."""
        chosen = str(self["unit"].value() or "") if "unit" in self.fields else ""
        if room_type := self._choices.room_type(chosen):
            return {"room_type": room_type}
        unit = self._choices.unit(chosen)
        if unit is None or chosen == _room_now(self.reservation, self.segment):
            return {"segment": self.segment, "keeps_rooms": self.segment is None}
        return {"segment": self.segment, "unit": unit}

    def _offer_rooms(self):
        self._choices = RoomChoices(self.reservation, self.segment)
        if not self._choices.is_needed:
            self.fields.pop("unit", None)
            return

        @functools.cache
        def choices():
            now = _room_now(self.reservation, self.segment)
            return self._choices.options(now, self.criteria.get("stay"), self.criteria.get("party_size"))

        self.fields["unit"].choices = choices

    @computed
    def helper(self):
        arrival = HTML("{% include 'reservations/change.html#arrival' %}") if self.keeps_arrival else "arrival"
        return fields_only(
            Row(Column(arrival), Column("departure")),
            HTML("{% include 'reservations/change.html#room' %}"),
            HTML("{% include 'reservations/change.html#hints' %}"),
            Row(
                Column(HTML("{% include 'reservations/guests/field.html' %}"), css_class="col-8"),
                Column("party_size", css_class="col-4"),
            ),
            "version",
            "seen",
        )


def filled_in(form, data):
    """{field: text} after a button that only fills in the form, see `forms.booking.filled`; None without such a button.

    A picked day is the departure where the arrival cannot be changed.
    """
    if "pick" in data and form.keeps_arrival:
        return data.dict() | {"departure": data["pick"]}
    return filled(data, property=form.reservation.property)


def _segment(reservation, key):
    """The segment with this key of a stay that has several, or None."""
    segments = reservation.segments if len(reservation.segments) > 1 else []
    return next((segment for segment in segments if str(segment.pk) == key), None)


def _as_it_is(reservation, segment):
    """{field of ChangeForm: value of the reservation, or of its segment}"""
    where = segment or reservation
    return {
        "unit": _room_now(reservation, segment),
        "arrival": where.stay.arrival,
        "departure": where.stay.departure,
        "guest": reservation.guest.name,
        "guest_id": reservation.guest_id,
        "party_size": reservation.party_size,
    }


def _room_now(reservation, segment):
    """The value of the field `unit` that changes nothing: the key of the one room, else ""."""
    segments = [segment] if segment else reservation.segments
    return str(segments[0].unit_id) if len(segments) == 1 else ""
