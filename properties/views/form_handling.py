"""What the views with forms share: calling a verb with a form's data, and showing its error in the form."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, QueryDict

from config.errors import DomainError
from properties.edit_conflicts import EditConflict
from properties.edit_forms import EditForm
from properties.inventory import Archived
from properties.models import Property, Unit

Made = TypeVar("Made")

# {DOM id of a form that htmx swaps: name of its partial in the page's template}
FORM_PARTIALS = dict.fromkeys(["property-form", "room-form", "room-type-form", "rate-form"], "form")


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def refuse_archived(request: HttpRequest, thing: Property | Unit) -> None:
    """Raises Archived for an archived property or room, unless the request is a POST, which the verb refuses itself."""
    if request.method != "POST" and thing.archived_at:
        raise Archived(thing)


def attempt(form: EditForm, verb: Callable[..., Made]) -> tuple[Made | None, int]:
    """(result of `verb` with the form's data, status of the response).

    The result is None if the form is not bound or not valid, or the verb refuses; the form then has the errors.
    """
    if not form.is_bound:
        return None, 200
    status = 422
    if form.is_valid():
        try:
            return verb(**form.cleaned_data), 200
        except EditConflict as stale:
            form.compare_with(stale.theirs)
            form.conflict = stale.message
            status = stale.status
        except DomainError as refused:
            form.add_error(getattr(refused, "field", None), refused.message)
            status = refused.status
    if wrong := [name for name in form.fields if name in form.errors]:
        focus_on(form, wrong[0])
    return None, status


def focus_on(form: EditForm, name: str) -> None:
    form.fields[name].widget.attrs["autofocus"] = True
