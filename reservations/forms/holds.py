"""Whether a reservation is held, and until when: usual times to choose from, or another one."""

import datetime as dt
import re

from django import forms

from config import clock
from config.forms import Form
from properties.models import Property
from reservations.forms.fields import LocalMomentField
from reservations.wording import short_moment

NO_HOLD, USUAL, SHORT, OTHER = "", "usual", "2h", "other"
SHORT_HOURS = 2
# When desks let unconfirmed rooms go in the evening, by the property's clock.
EVENING = dt.time(18)


class HoldField(forms.ChoiceField):
    """How long to hold: one of the values above, or a local date and time. The form sets `property`."""

    widget = forms.RadioSelect
    default_error_messages = {
        "required": "Choose until when to hold it.",
        "invalid_choice": "Choose until when to hold it.",
    }
    property = None

    def valid_value(self, value):
        return value in (NO_HOLD, USUAL, SHORT, OTHER) or self.moment_of(value) is not None

    def moment_of(self, value):
        """The instant (UTC) at which a hold of this value lapses; None where the value alone does not say it."""
        if value == SHORT:
            return clock.now() + dt.timedelta(hours=SHORT_HOURS)
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value or ""):
            return None
        field = LocalMomentField(required=False)
        field.zone = self.property.zone if self.property else dt.UTC
        try:
            return field.clean(value)
        except forms.ValidationError:
            return None


class HoldFields(Form):
    """The choice in `hold`, and in `hold_until` the other time. `is_hold` in `cleaned_data` says whether to hold.

    The button `hold_as_usual` holds for the property's usual hours without a choice.
    """

    hold = HoldField(label="Hold", required=False)
    hold_until = LocalMomentField(
        label="Hold until", required=False, error_messages={"required": "Write until when to hold it."}
    )

    def __init__(self, data=None, *args, **options):
        if data and "hold_as_usual" in data:
            data = data.copy()
            data["hold"] = USUAL
        super().__init__(data, *args, **options)

    def offer_holds(self, property, *, after=None, before=None):
        """Offer the usual times by the property's clock; none up to the instant `after`, or later than `before`."""
        self.fields["hold_until"].zone = property.zone if property else dt.UTC
        self.fields["hold_until"].help_text = "Local time of the property."
        field = self.fields["hold"]
        field.property = property
        field.choices = lambda: self._hold_choices(field, property, after or clock.now(), before)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if "hold" not in self.fields:
            return cleaned
        hold = cleaned.get("hold", NO_HOLD)
        if hold != OTHER:
            self.errors.pop("hold_until", None)  # the field is hidden then
            cleaned["hold_until"] = self.fields["hold"].moment_of(hold)
        elif "hold_until" not in self.errors and not cleaned.get("hold_until"):
            self.add_error("hold_until", self.fields["hold_until"].error_messages["required"])
        cleaned["is_hold"] = hold != NO_HOLD
        return cleaned

    def _hold_choices(self, field, property, after, before):
        offered = [] if field.required else [(NO_HOLD, "No")]
        offered += [
            (value, label)
            for value, label in _usual_times(property)
            if (moment := field.moment_of(value)) and moment > after and (before is None or moment <= before)
        ]
        chosen = (self.data if self.is_bound else self.initial).get("hold") or NO_HOLD
        if chosen not in {NO_HOLD, OTHER, *dict(offered)} and field.valid_value(chosen):
            offered.append((chosen, _words(field, property, chosen)))
        return [*offered, (OTHER, "another time")]


def _usual_times(property):
    """(value, label) of 2 h, tonight and tomorrow evening. Without a property the days are those of any."""
    property = property or Property.objects.active().first()
    yield SHORT, f"{SHORT_HOURS} h"
    if property:
        for words, days in (("tonight", 0), ("tomorrow", 1)):
            evening = dt.datetime.combine(property.today() + dt.timedelta(days=days), EVENING)
            yield f"{evening:%Y-%m-%dT%H:%M}", f"{words} {EVENING:%H:%M}"


def _words(field, property, value):
    """The label of a choice that is not among the usual times, such as that of a page opened yesterday."""
    if value == USUAL:
        return f"{property.hold_hours} h" if property else "as usual"
    return short_moment(field.moment_of(value).astimezone(property.zone if property else dt.UTC))
