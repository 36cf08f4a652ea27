"""Functions that several views share: finding a note, typing one, marking notes as read, and the responses."""

import datetime as dt
import uuid
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django_htmx.http import trigger_client_event

from config.htmx import render_page_or_partial
from notes import read_receipts, typed_notes
from notes.models import VoiceNote
from notes.progress import add_progress

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def note_or_404(request, pk):
    """The note, unless it was deleted, with all that its row shows. Raises Http404."""
    notes = VoiceNote.objects.not_deleted().visible_to(request.user)
    note = get_object_or_404(notes.with_text().with_read_receipts(), pk=pk)
    add_progress([note])
    return note


def note_page(request, note, status=HTTPStatus.OK):
    partials = {row_id(note.pk): "row", "voice-notes-list": "row"}
    context = {"note": note, "names_target": _is_on_notes_page(request)}
    return render_page_or_partial(request, "notes/note.html", context, partials=partials, status=status)


def row_id(pk):
    return f"note-{pk}"


def save_typed_note(request, form, about):
    """Save the note of a form. Returns it and the response's status; None in place of the note when it is refused.

    Then the form has the error. `about` is called after the form was found valid, and returns the arguments of
    `typed_notes.type_note` that say what the note is about.
    """
    if not form.is_valid():
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    sent = {"text": form.cleaned_data["text"], "key": form.cleaned_data["key"]}
    try:
        return typed_notes.type_note(author=request.user, **sent, **about()), HTTPStatus.CREATED
    except typed_notes.KeyTaken as refused:
        form.refuse(refused)
        return None, refused.status


def typed_note_response(request, form, note, address, status, **context):
    """The form. When `note` was saved, the form is empty, and the note's row is added for the top of the list."""
    if note:
        messages.success(request, "The note is saved.")
        context["note"] = note_or_404(request, note.pk)
        form = form.fresh(actor=request.user, property=form.cleaned_data.get("property"))
    context |= {"typed": form, "type_address": address, "is_answer": True}
    return render(request, "notes/typed.html", context, status=status)


def mark_notes_read(request, notes, *, back):
    """Mark those of `notes` as read that the request's `note` names; without any, all of them.

    Marking all adds a message with *Undo*, which leads to the address `back`.
    """
    if named := request.POST.getlist("note"):
        read_receipts.mark_read(notes=notes.filter(pk__in=_keys(named)), user=request.user)
    else:
        marked = read_receipts.mark_all_read(notes=notes, user=request.user)
        message = f"{marked.count} note{pluralize(marked.count, ' is,s are')} marked as heard."
        messages.success(request, message, extra_tags=_undo(marked, back))


def unread_count(request, left):
    """The header with the count of unread notes; its event `read` tells the rows. `left` is the template's context."""
    return trigger_client_event(render(request, "notes/panel.html#unread", left), "read")


def _is_on_notes_page(request):
    """Whether the row is shown on the *Notes* page, where it names the reservation or property."""
    return (request.htmx.current_url_abs_path or "").partition("?")[0] == reverse("notes:list")


def _undo(marked, back):
    instant = (marked.at - EPOCH) // dt.timedelta(microseconds=1)
    return f"{reverse('notes:mark_unread', args=[instant])}?{urlencode({'back': back})}" if marked.count else ""


def _keys(named):
    keys = []
    for name in named:
        try:
            keys.append(uuid.UUID(name))
        except ValueError:
            continue
    return keys
