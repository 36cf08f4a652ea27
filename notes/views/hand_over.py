"""The microphone of the bar at the foot of a phone: to the recorder of a property's hand-over notes."""

import re

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import Action, require_somewhere
from notes import addresses
from notes.models import VoiceNote
from properties.models import Property


@require_safe
def hand_over(request):
    """Go to the property of one's latest hand-over note, or the only one; with `?all`, or without these, ask which.

    With `?property=` it is that one, or the page is not found.
    """
    require_somewhere(request.user, Action.RECORD)
    properties = Property.objects.visible_to(request.user, Action.RECORD).active().by_name()
    if chosen := request.GET.get("property"):
        key = chosen if re.fullmatch(r"[0-9]{1,9}", chosen) else None
        return redirect(addresses.action("create", property=get_object_or_404(properties, pk=key)))
    latest = None if "all" in request.GET else _latest(request.user, properties)
    if latest:
        return redirect(addresses.action("create", property=latest))
    return render(request, "notes/hand_over.html", {"properties": properties})


def _latest(user, properties):
    """Of the properties, that of the user's latest hand-over note; without one the only one, or None."""
    theirs = VoiceNote.objects.hand_over().filter(author=user, property__in=properties)
    if note := theirs.select_related("property").newest_first().first():
        return note.property
    few = list(properties[:2])
    return few[0] if len(few) == 1 else None
