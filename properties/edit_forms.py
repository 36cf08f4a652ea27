"""Forms of what is there already. Who saves later is shown what somebody else has saved meanwhile.

A form says what each of its fields was filled in with. Where only the other person has changed a field, theirs stays.
Where both have, the form keeps what was typed, and both are shown.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.choices import flatten_choices
from django.utils.dateformat import format as date_format

from config.forms import Form
from properties import edit_conflicts
from properties.edit_conflicts import Side
from properties.fields import RateField
from properties.money import Money


class EditForm(Form):
    sides: tuple[Side, ...] = ()  # fields that both have changed
    kept: tuple[Side, ...] = ()  # fields that only the other person has changed
    conflict = ""  # what the refused save was told

    def opened_on(self, values):
        """The same form, for something that has these `values` now; see `edit_conflicts`."""
        digest = edit_conflicts.digest_of({name: values[name] for name in self.fields if name in values})
        self.fields["seen"] = forms.CharField(required=False, initial=digest, widget=forms.HiddenInput)
        return self

    def compare_with(self, theirs):
        """Of a valid form and the values that are there now. Who has read `sides` and `kept` may save again."""
        self.data = self.data.copy()
        changed = self._changed(theirs)
        ours = [name for name in changed if self._is_typed(name)]
        for name in changed:
            if name not in ours:
                self._fill_in(name, theirs[name])
        self.data["seen"] = edit_conflicts.digest_of(theirs)
        self.sides = tuple(self._side(name, theirs) for name in ours if not self[name].is_hidden)
        self.kept = tuple(self._side(name, theirs) for name in changed if name not in ours and not self[name].is_hidden)

    def _changed(self, theirs):
        """Fields that somebody else has changed to what is not in this form."""
        now, mine = edit_conflicts.digests(theirs), edit_conflicts.digests(self._typed(theirs))
        return [name for name in theirs if now[name] not in (self._seen.get(name), mine[name])]

    def _is_typed(self, name):
        [digest] = edit_conflicts.digests(self._typed([name])).values()
        return digest != self._seen.get(name)

    @property
    def _seen(self):
        return edit_conflicts.read(self.cleaned_data.get("seen", ""))

    def _typed(self, names):
        return {name: self.cleaned_data[name] for name in names}

    def _fill_in(self, name, value):
        field = self.fields[name]
        shown = field.widget.format_value(field.prepare_value(value))
        self.data.setlist(name, shown if isinstance(shown, list) else [shown or ""])

    def _side(self, name, theirs):
        return Side(str(self[name].label), self._in_words(name, self.cleaned_data), self._in_words(name, theirs))

    def _in_words(self, name, values):
        field, value = self.fields[name], values[name]
        if isinstance(field, RateField) and value is not None:
            return str(Money(value, values.get("currency") or field.currency))
        if isinstance(value, dt.date):
            return date_format(value, "D j M Y")
        if hasattr(value, "pk"):
            return str(value)
        options: Iterable[tuple[Any, Any]] = flatten_choices(getattr(field, "choices", ()))
        choices = {str(key): label for key, label in options}
        if isinstance(value, list | tuple | models.QuerySet):
            return ", ".join(str(choices.get(str(each), each)) for each in sorted(value, key=str)) or "–"
        if choices:
            return str(choices.get(str(value), value or "–"))
        return str(field.widget.format_value(field.prepare_value(value)) or "–")
