"""Marking notes as read, one or many, for the panel and the *Notes* page."""

import datetime as dt
import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from config.return_urls import own_path
from notes import read_receipts

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def mark(request, notes, *, back):
    """Mark those of `notes` as read that the request's `note` names; without any, all of them.

    Marking all adds a message with *Undo*, which leads to the address `back`.
    """
    if named := request.POST.getlist("note"):
        read_receipts.mark_read(notes=notes.filter(pk__in=_keys(named)), user=request.user)
    else:
        marked = read_receipts.mark_all_read(notes=notes, user=request.user)
        message = f"{marked.count} note{pluralize(marked.count, ' is,s are')} marked as heard."
        messages.success(request, message, extra_tags=_undo(marked, back))


@require_POST
def mark_unread(request, instant):
    """Undo marking all: delete the user's receipts of that instant, in microseconds since 1970."""
    try:
        at = EPOCH + dt.timedelta(microseconds=instant)
    except OverflowError:
        raise Http404 from None
    count = read_receipts.unmark_read(user=request.user, at=at)
    messages.success(request, f"{count} note{pluralize(count)} wait{pluralize(count, 's,')} to be heard again.")
    return redirect(own_path(request, request.GET.get("back", "")) or "notes:list")


def unread_count(request, left):
    """The header with the count of unread notes; its event `read` tells the rows. `left` is the template's context."""
    return trigger_client_event(render(request, "notes/panel.html#unread", left), "read")


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
