"""Voice notes on a reservation's page: parse, ask, answer. The words and rules are in the verb modules."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from config.htmx import render_page_or_partial
from notes import editing, intake, transcription
from notes.forms import TextForm, UploadForm
from notes.hearing import mark_heard
from notes.models import VoiceNote
from notes.panel import panel
from reservations.models import Reservation


@require_http_methods(["GET", "HEAD", "POST"])
def create(request, reference):
    reservation = get_object_or_404(Reservation, reference=reference)
    form, status = None, HTTPStatus.OK
    if request.method == "POST":
        form, status = UploadForm(request.POST, request.FILES), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            audio, key = form.cleaned_data["audio"], form.cleaned_data["key"]
            try:
                note = intake.receive(reservation=reservation, author=request.user, upload=audio, key=key)
            except intake.AudioRefused as refused:
                form.add_error("audio", refused.message)
                status = refused.status
            else:
                return _saved(request, note)
    return _panel(request, reservation, form, status)


@require_safe
def detail(request, pk):
    note = _kept(pk)
    if request.htmx and request.GET.get("seen") == note.status:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)  # nothing to swap: what is being listened to plays on
    return _note_page(request, note)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    note, status = _kept(pk), HTTPStatus.OK
    text = note.transcript.text if hasattr(note, "transcript") else ""
    form = TextForm(request.POST or None, initial={"text": text, "seen": text}, auto_id=f"{_id(pk)}-%s")
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                editing.edit_text(note=note, actor=request.user, **form.cleaned_data)
            except editing.TextChanged as changed:
                form.compare_with(changed)
                status = changed.status
            else:
                return _changed(request, pk, "The text is saved.")
    context = {"note": note, "form": form}
    return render_page_or_partial(request, "notes/edit.html", context, partials={_id(pk): "editing"}, status=status)


@require_POST
def revert(request, pk):
    editing.restore_machine_text(note=_kept(pk), actor=request.user)
    return _changed(request, pk, "The machine's text is back.")


@require_POST
def delete(request, pk):
    note = _kept(pk)
    editing.delete(note=note, actor=request.user)
    messages.success(request, "The voice note is deleted.", extra_tags=reverse("notes:restore", args=[pk]))
    return HttpResponse() if request.htmx else _to_reservation(note)


@require_POST
def restore(request, pk):
    note = get_object_or_404(VoiceNote.objects.with_text(), pk=pk)
    editing.undelete(note=note, actor=request.user)
    messages.success(request, "The voice note is back.")
    return _to_reservation(note)


@require_POST
def retry(request, pk):
    transcription.retry(note=_kept(pk), actor=request.user)
    return _changed(request, pk, "The note is in the queue again.")


@require_POST
def heard(request, reference):
    """Those that `note` names; without any, all notes of the reservation."""
    reservation = get_object_or_404(Reservation, reference=reference)
    notes, named = panel(reservation=reservation, user=request.user)["notes"], request.POST.getlist("note")
    mark_heard(notes=[note for note in notes if not named or str(note.pk) in named], user=request.user)
    if request.htmx:
        left = panel(reservation=reservation, user=request.user)
        return trigger_client_event(render(request, "notes/panel.html#unheard", left), "heard")
    messages.success(request, "The voice notes are marked as heard.")
    return redirect("reservations:detail", reference)


def _kept(pk):
    return get_object_or_404(VoiceNote.objects.kept().with_text().with_hearings(), pk=pk)


def _id(pk):
    return f"note-{pk}"


def _note_page(request, note, status=HTTPStatus.OK):
    partials = {_id(note.pk): "row", "voice-notes-list": "row"}
    return render_page_or_partial(request, "notes/note.html", {"note": note}, partials=partials, status=status)


def _panel(request, reservation, form, status):
    """The page with the panel. The recorder gets what is wrong, always as 422: htmx is told to swap no 413."""
    context = panel(reservation=reservation, user=request.user, form=form)
    if request.htmx and form:
        problem = render(request, "notes/recorder.html#problem", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return reswap(retarget(problem, "#voice-note-problem"), "innerHTML")
    return render(request, "notes/list.html", context, status=status)


def _saved(request, note):
    if request.htmx:
        return _note_page(request, _kept(note.pk), HTTPStatus.CREATED)
    messages.success(request, "The voice note is saved. Its text follows in a moment.")
    return _to_reservation(note)


def _changed(request, pk, words):
    note = _kept(pk)
    if request.htmx:
        return _note_page(request, note)
    messages.success(request, words)
    return _to_reservation(note)


def _to_reservation(note):
    return redirect("reservations:detail", note.reservation.reference)
