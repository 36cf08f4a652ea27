"""Undo of marking all notes as read."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST

from config.return_urls import own_path
from notes import read_receipts
from notes.views.responses import EPOCH


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
