"""What every form about properties does: try the verb, and say beside the field why not."""

from config.errors import DomainError
from properties.edit_conflicts import EditConflict
from properties.inventory import Archived

# Forms that are swapped in place, by their DOM ids; each is the partial `form` of its page.
FORM_PARTIALS = dict.fromkeys(["property-form", "room-form", "room-type-form", "rate-form"], "form")


def posted(request):
    return request.POST if request.method == "POST" else None


def refuse_archived(request, thing):
    """Nobody fills in a form that cannot be saved; what was archived meanwhile is said on saving. Raises Archived."""
    if request.method != "POST" and thing.archived_at:
        raise Archived(thing)


def attempt(form, verb):
    """What `verb` made of the form's data, and the status of the answer: None when the form now says why not."""
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


def focus_on(form, name):
    form.fields[name].widget.attrs["autofocus"] = True
