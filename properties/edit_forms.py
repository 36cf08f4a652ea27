"""Forms that edit what exists. Whoever saves later is shown what somebody else has saved meanwhile.

A form carries what each of its fields was filled in with. A field that only the other person has changed takes the
saved value. A field that both have changed keeps what was typed, and the page shows both versions.
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
from properties.edit_conflicts import FieldVersions
from properties.fields import RateField
from properties.money import Money


class EditForm(Form):
    conflicting: tuple[FieldVersions, ...] = ()  # fields that both have changed
    changed_by_others: tuple[FieldVersions, ...] = ()  # fields that only the other person has changed
    conflict = ""  # the message of the EditConflict, if saving was refused with one

    def opened_on(self, values):
        """Add a hidden field with the digests of `values`, which are saved now; returns the form itself."""
        digest = edit_conflicts.digest_of({name: values[name] for name in self.fields if name in values})
        self.fields["seen"] = forms.CharField(required=False, initial=digest, widget=forms.HiddenInput)
        return self

    def compare_with(self, theirs):
        """Compare a valid form with the values that are saved now, {field: value}, and let the next save go through.

        Sets `conflicting` and `changed_by_others`, which the page shows before that.
        """
        self.data = self.data.copy()
        changed = self._changed_fields(theirs)
        ours = [name for name in changed if self._is_changed_here(name)]
        for name in changed:
            if name not in ours:
                self._fill_in(name, theirs[name])
        self.data["seen"] = edit_conflicts.digest_of(theirs)
        shown = [name for name in changed if not self[name].is_hidden]
        self.conflicting = tuple(self._versions(name, theirs) for name in shown if name in ours)
        self.changed_by_others = tuple(self._versions(name, theirs) for name in shown if name not in ours)

    def _changed_fields(self, theirs):
        """Names of fields that somebody else has changed, to another value than this form has."""
        now, mine = edit_conflicts.digests(theirs), edit_conflicts.digests(self._typed(theirs))
        return [name for name in theirs if now[name] not in (self._seen.get(name), mine[name])]

    def _is_changed_here(self, name):
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

    def _versions(self, name, theirs):
        yours = self._in_words(name, self.cleaned_data)
        return FieldVersions(str(self[name].label), yours, self._in_words(name, theirs))

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
