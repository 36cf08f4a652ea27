"""What all forms share: the base class, the rendering of their fields, and fields for text.

Templates have the `<form>` element, the CSRF token and the buttons; crispy renders the fields.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import validate_email
from django.http import QueryDict

from config.text import UnfitText, tidy

if TYPE_CHECKING:
    Base = forms.BaseForm  # for type checking, the class that the mixin below is combined with
else:
    Base = object


def fields_only(*layout: Any) -> FormHelper:
    """A crispy helper for a form whose `<form>` element is in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.field_template = "components/field.html"
    if layout:
        helper.layout = Layout(*layout)
    return helper


class ErrorsInSight(Base):
    """A mixin that shows errors of fields which the page does not show at the top of the form."""

    def unseen(self) -> Collection[str]:
        """Names of fields without a hidden widget that the page hides or leaves out."""
        return ()

    def add_error(self, field: str | None, error: Any) -> None:
        if field and (self[field].is_hidden or field in self.unseen()):
            self.cleaned_data.pop(field, None)
            field = None
        super().add_error(field, error)


class Form(ErrorsInSight, forms.Form):
    """The base class of all forms, which a test checks."""

    fields: dict[str, Any]  # the type stubs know only the base class of fields
    data: QueryDict

    # The action of `accounts.access` that the form is for; None if it changes nothing.
    action: ClassVar[Any] = None

    def __init__(self, *args: Any, actor: Any = None, **options: Any) -> None:
        """`actor` is the user who fills in the form: its fields offer and take only rows with which they may do that.

        Raises TypeError for a form that offers rows and was given no actor.
        """
        super().__init__(*args, **options)
        self.actor = actor
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and hasattr(field.queryset, "visible_to"):
                self._limit(name, field)

    def _limit(self, name: str, field: forms.ModelChoiceField) -> None:
        rows: Any = field.queryset
        if rows.query.is_empty():
            return  # the form sets others
        if self.actor is None:
            raise TypeError(f"{type(self).__name__} needs the actor, because its field {name} offers rows.")
        field.queryset = rows.visible_to(self.actor, *filter(None, [self.action]))


class CleanCharField(forms.CharField):
    """Text that `config.text.tidy` has cleaned: one line, or several with `paragraphs`."""

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
    """An e-mail address."""

    widget = forms.EmailInput
    default_validators = [validate_email]
    default_error_messages = {"invalid": "Write a whole address, such as name@example.com."}
