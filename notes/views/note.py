"""One note: its row, editing its text, and the buttons of its row."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.htmx import render_page_or_partial
from notes import addresses, editing
from notes.erasure import retention
from notes.forms import RatingForm, TextForm
from notes.models import VoiceNote
from notes.progress import state, state_of
from notes.transcription import saved_notes
from notes.views.responses import note_or_404, note_page, row_id
from notes.waiting import wait_for_change


@require_safe
def detail(request, pk):
    """The note. A page that polls sends the `progress_state` that it has `seen`, and gets 204 if nothing is new.

    With `wait` the response is held back until there is something new, see `notes.waiting`.
    """
    note = note_or_404(request, pk)
    if request.htmx and request.GET.get("seen") == state(note):
        if "wait" not in request.GET or not wait_for_change(pk, lambda: state_of(pk) != state(note)):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)  # nothing is swapped, so that audio goes on playing
        note = note_or_404(request, pk)
    return note_page(request, note)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    note, status = note_or_404(request, pk), HTTPStatus.OK
    editing.require_editing(request.user, note)
    text = note.transcript.text if hasattr(note, "transcript") else ""
    form = TextForm(request.POST or None, initial={"text": text, "seen": text}, auto_id=f"{row_id(pk)}-%s")
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                editing.edit_text(note=note, actor=request.user, **form.cleaned_data)
            except editing.TextChanged as changed:
                form.compare_with(changed)
                status = changed.status
            else:
                return _changed_response(request, pk, "The text is saved.")
    context = {"note": note, "form": form}
    return render_page_or_partial(request, "notes/edit.html", context, partials={row_id(pk): "editing"}, status=status)


@require_POST
def revert(request, pk):
    editing.restore_machine_text(note=note_or_404(request, pk), actor=request.user)
    return _changed_response(request, pk, "The machine's text is back.")


@require_POST
def rate(request, pk):
    note, form = note_or_404(request, pk), RatingForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    editing.rate(note=note, actor=request.user, **form.cleaned_data)
    return _changed_response(request, pk, "Thank you. It is remembered what you think of the text.")


@require_POST
def delete(request, pk):
    note = note_or_404(request, pk)
    editing.delete(note=note, actor=request.user)
    messages.success(request, "The voice note is deleted.", extra_tags=reverse("notes:restore", args=[pk]))
    return HttpResponse() if request.htmx else _redirect_to_page(note)


@require_POST
def restore(request, pk):
    note = get_object_or_404(VoiceNote.objects.visible_to(request.user).with_text(), pk=pk)
    editing.undelete(note=note, actor=request.user)
    messages.success(request, "The voice note is back.")
    page = addresses.page(note.reservation, note.property)
    return redirect(f"{page}#note-{note.pk}")  # the row gets the focus


@require_POST
def retry(request, pk):
    saved_notes.retry(note=note_or_404(request, pk), actor=request.user)
    return _changed_response(request, pk, "The note is in the queue again.")


@require_POST
def protect(request, pk):
    return _set_protected(request, pk, retention.protect, "The note is kept: the days of retention leave it alone.")


@require_POST
def unprotect(request, pk):
    return _set_protected(request, pk, retention.unprotect, "The days of retention count for this note again.")


def _changed_response(request, pk, words):
    note = note_or_404(request, pk)
    if request.htmx:
        return note_page(request, note)
    messages.success(request, words)
    return _redirect_to_page(note)


def _redirect_to_page(note):
    return redirect(addresses.page(note.reservation, note.property))


def _set_protected(request, pk, verb, words):
    verb(note=note_or_404(request, pk), actor=request.user)
    return _changed_response(request, pk, words)
