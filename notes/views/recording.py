"""The requests of the recorder. Responses and errors are JSON; the messages of errors are shown to people."""

import functools
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from config.errors import DomainError
from notes.forms import ChunkForm, EndForm
from notes.ingest import recording
from notes.waiting import wait_for_change


def answered_in_json(view):
    @functools.wraps(view)
    def answer(request, **arguments):
        try:
            return view(request, **arguments)
        except recording.OutOfOrder as error:
            return _state(error.state, HTTPStatus.CONFLICT)
        except DomainError as error:
            return _problem(error.code, error.message, error.status)

    return answer


@require_POST
@answered_in_json
def chunk(request, key, index):
    form = ChunkForm(request.POST, request.FILES, actor=request.user)
    if not form.is_valid():
        return _unreadable(form, HTTPStatus.NOT_FOUND if form.has_no_target() else HTTPStatus.UNPROCESSABLE_ENTITY)
    taken = recording.add_chunk(
        key=key,
        index=index,
        data=form.cleaned_data["chunk"].read(),
        author=request.user,
        reservation=form.cleaned_data["reservation"],
        property=form.cleaned_data["property"],
        segment=form.cleaned_data["segment"],
        seconds=form.cleaned_data["seconds"],
    )
    return _state(taken)


@require_POST
@answered_in_json
def stop(request, key):
    form = EndForm(request.POST)
    if not form.is_valid():
        return _unreadable(form)
    return _state(recording.stop(key=key, author=request.user, **form.cleaned_data))


@require_safe
@answered_in_json
def state(request, key):
    """The recording's state. With `wait`, it is sent as soon as more than `transcribed` seconds are transcribed."""
    find = functools.partial(recording.state_of, key=key, author=request.user)
    found = find()
    if "wait" in request.GET and not found.is_transcribed:
        before = request.GET.get("transcribed", "")
        wait_for_change(key, lambda: _is_news(find(), before))
        found = find()
    return _state(found)


@require_POST
@answered_in_json
def save(request, key):
    form = EndForm(request.POST)
    if not form.is_valid():
        return _unreadable(form)
    was_there = recording.state_of(key=key, author=request.user).note
    note = recording.save(key=key, author=request.user, chunks=form.cleaned_data["chunks"])
    saved = recording.state_of(key=key, author=request.user)
    return _state(saved, HTTPStatus.OK if was_there == note else HTTPStatus.CREATED)


@require_POST
@answered_in_json
def discard(request, key):
    recording.discard(key=key, author=request.user)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
@answered_in_json
def undo_save(request, key):
    recording.undo_save(key=key, author=request.user)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _is_news(found, before):
    return found.is_transcribed or f"{found.transcribed_seconds:g}" != f"{_number(before):g}"


def _number(text):
    """`text` as a float; -1 when it is none. Compared as a number, because JavaScript writes 0.0 as 0."""
    try:
        return float(text)
    except ValueError:
        return -1.0


def _state(found, status=HTTPStatus.OK):
    return JsonResponse(
        {
            "expected": found.expected,
            "text": found.text,
            "transcribed_seconds": found.transcribed_seconds,
            "is_transcribed": found.is_transcribed,
            "note": found.note and _note(found.note),
        },
        status=status,
    )


def _note(note):
    return {
        "id": str(note.pk),
        "sha256": note.upload_sha256,
        "size": note.size,
        "url": reverse("notes:detail", args=[note.pk]),
    }


def _unreadable(form, status=HTTPStatus.UNPROCESSABLE_ENTITY):
    [message, *_] = [message for messages in form.errors.values() for message in messages]
    return _problem("unreadable", message, status)


def _problem(code, message, status):
    return JsonResponse({"code": code, "message": message}, status=status)
