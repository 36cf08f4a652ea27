"""The *Notes* page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Action, require_somewhere
from config.htmx import render_page_or_partial
from notes.filter_forms import FilterForm, PageForm
from notes.forms import TypedForPropertyForm
from notes.search.listing import filtered_notes, listing
from notes.views.responses import mark_notes_read, save_typed_note, typed_note_response, unread_count

PAGES = ("before", "page")


@require_safe
def all_notes(request):
    require_somewhere(request.user, Action.LISTEN)
    partials = {"notes-found": "results", "notes-older": "rows"}
    return render_page_or_partial(request, "notes/all.html", _context(request), partials=partials)


@require_POST
def mark_read(request):
    """Mark the notes that `note` names as read; without any, all notes that the filter shows."""
    shown = filtered_notes(user=request.user, **FilterForm(request.GET, actor=request.user).asked())
    mark_notes_read(request, shown, back=_address(request))
    if request.htmx:
        return unread_count(request, _unread(request))
    return redirect(_address(request))


@require_POST
def type_note(request):
    """Save a typed note about the property that the form names."""
    form = TypedForPropertyForm(request.POST, actor=request.user)
    note, status = save_typed_note(request, form, lambda: {"property": form.cleaned_data["property"]})
    if request.htmx:
        return typed_note_response(request, form, note, reverse("notes:type"), status, names_target=True)
    if note:
        messages.success(request, "The note is saved.")
        return redirect("notes:list")
    return render(request, "notes/all.html", _context(request) | {"typed": form}, status=status)


def _context(request):
    form = FilterForm(request.GET, actor=request.user)
    asked = form.asked()
    return {
        "form": form,
        "asked": asked,
        "listing": listing(user=request.user, **PageForm(request.GET).wanted(), **asked),
        "names_target": True,
        "typed": TypedForPropertyForm.fresh(actor=request.user, property=asked.get("property")),
        "type_address": reverse("notes:type"),
        **_unread(request),
    }


def _unread(request):
    """The context of the header: how many of the notes that the filter shows are unread."""
    asked = filtered_notes(user=request.user, **FilterForm(request.GET, actor=request.user).asked())
    mark_read_address = _address(request, "notes:mark_read")
    return {"unread": asked.unread_by(request.user).count(), "mark_read_address": mark_read_address}


def _address(request, name="notes:list"):
    """The address of the view `name` with the request's filters, but without its page."""
    filters = request.GET.copy()
    for page in PAGES:
        filters.pop(page, None)
    return f"{reverse(name)}?{filters.urlencode()}"
