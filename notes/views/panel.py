"""The panel with the notes of a reservation, or of a property alone."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from accounts.access import Action, get_visible_or_404
from notes import addresses
from notes.forms import TypedForm, UploadForm
from notes.ingest import intake
from notes.models import VoiceNote
from notes.panel import panel
from notes.views.responses import (
    mark_notes_read,
    note_or_404,
    note_page,
    save_typed_note,
    typed_note_response,
    unread_count,
)
from properties.models import Property
from reservations.models import Reservation


@require_http_methods(["GET", "HEAD", "POST"])
def create(request, **key):
    about = _about(request, Action.RECORD if request.method == "POST" else Action.LISTEN, **key)
    form, status = None, HTTPStatus.OK
    if request.method == "POST":
        form, status = UploadForm(request.POST, request.FILES), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            audio, note_key = form.cleaned_data["audio"], form.cleaned_data["key"]
            try:
                note = intake.receive(**about, author=request.user, upload=audio, key=note_key)
            except intake.AudioRefused as refused:
                form.add_error("audio", refused.message)
                status = refused.status
            else:
                return _saved_response(request, note, "The voice note is saved. Its text follows in a moment.")
    return _panel_response(request, about, form, status)


@require_POST
def type_note(request, **key):
    about, form = _about(request, Action.RECORD, **key), TypedForm(request.POST)
    note, status = save_typed_note(request, form, lambda: about)
    if request.htmx:
        return typed_note_response(request, form, note, addresses.action("type", **about), status)
    if note:
        messages.success(request, "The note is saved.")
        return redirect(addresses.page(**about))
    return render(request, "notes/panel_page.html", panel(**about, user=request.user, typed=form), status=status)


@require_POST
def mark_read(request, **key):
    about = _about(request, Action.LISTEN, **key)
    notes = VoiceNote.objects.not_deleted().visible_to(request.user).attached_to(**about)
    mark_notes_read(request, notes, back=addresses.page(**about))
    if request.htmx:
        return unread_count(request, panel(**about, user=request.user))
    return redirect(addresses.page(**about))


def _about(request, action, reference=None, pk=None):
    """The reservation or property that the URL names, as keyword arguments. Raises Http404 and NotAllowed."""
    if reference:
        reservations = Reservation.objects.select_related("property", "guest")
        return {"reservation": get_visible_or_404(request.user, reservations, action, reference=reference)}
    return {"property": get_visible_or_404(request.user, Property, action, pk=pk)}


def _panel_response(request, about, form, status):
    """The page with the panel. For htmx only the form's error, always with 422, because htmx would not swap a 413."""
    context = panel(**about, user=request.user, upload=form)
    if request.htmx and form:
        problem = render(request, "notes/recorder.html#problem", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return reswap(retarget(problem, "#voice-note-problem"), "innerHTML")
    return render(request, "notes/panel_page.html", context, status=status)


def _saved_response(request, note, words):
    if request.htmx:
        return note_page(request, note_or_404(request, note.pk), HTTPStatus.CREATED)
    messages.success(request, words)
    return redirect(addresses.page(note.reservation, note.property))
