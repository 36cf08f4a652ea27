"""What all forms share: how they are drawn, and the field that takes text.

The template owns `<form>`, the token and the buttons; crispy draws the fields.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import validate_email
from django.http import QueryDict

from config.text import UnfitText, tidy

if TYPE_CHECKING:
    Base = forms.BaseForm  # what the mixin below is mixed into
else:
    Base = object


def fields_only(*layout: Any) -> FormHelper:
    """A crispy helper for a form whose `<form>` element stands in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.field_template = "components/field.html"
    if layout:
        helper.layout = Layout(*layout)
    return helper


class ErrorsInSight(Base):
    """For every form: what is wrong with a field that the page does not show stands at the top of the form."""

    def unseen(self) -> Collection[str]:
        """Names of fields that are not hidden by themselves, but that the page hides or leaves out."""
        return ()

    def add_error(self, field: str | None, error: Any) -> None:
        if field and (self[field].is_hidden or field in self.unseen()):
            self.cleaned_data.pop(field, None)
            field = None
        super().add_error(field, error)


class Form(ErrorsInSight, forms.Form):
    """The base of every form here; a test makes sure of it."""

    fields: dict[str, Any]  # of any class of field: the stubs know the base class alone
    data: QueryDict


class CleanCharField(forms.CharField):
    """One line of text as it may be stored, or several with `paragraphs`: see `config.text.tidy`."""

    default_error_messages = {
        "required": "Please fill this in.",
        "max_length": "Keep this to %(limit_value)d characters; it has %(show_value)d.",
    }

    def __init__(self, *, paragraphs: bool = False, **options: Any) -> None:
        if paragraphs:
            options.setdefault("widget", forms.Textarea)
        super().__init__(**options)
        self.paragraphs = paragraphs

    def to_python(self, value: Any) -> str:
        try:
            return tidy(super().to_python(value) or "", paragraphs=self.paragraphs)
        except UnfitText as unfit:
            raise forms.ValidationError(str(unfit), code="unfit") from None


class CleanEmailField(CleanCharField):
    """An address of e-mail."""

    widget = forms.EmailInput
    default_validators = [validate_email]
    default_error_messages = {"invalid": "Write a whole address, such as name@example.com."}
