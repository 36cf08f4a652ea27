"""Functions that several views share: finding a reservation, and the response after something was done.

That is a message with *Undo* and a redirect to a page, or the rows of the tape chart that have changed.
"""

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse

from accounts.access import Action, get_visible_or_404
from config.return_urls import own_path
from reservations import booking
from reservations.badges import badges_of
from reservations.forms.calendar import ChartForm
from reservations.models import Closure, Reservation
from reservations.tape import chart


def reservation_or_404(request, reference, action=Action.SEE):
    """The reservation with its guest, property and rooms, if the user may do `action` with it. Two queries.

    Raises Http404 and NotAllowed.
    """
    return get_visible_or_404(request.user, Reservation.objects.with_unit(), action, reference=reference)


def changeable_or_404(request, reference):
    """As `reservation_or_404`, for those who may change the reservation."""
    return reservation_or_404(request, reference, Action.CHANGE)


@dataclass
class Rows:
    """Rows of the tape chart: keys of units, and keys of properties for their lanes of stays without a room."""

    units: set[int] = field(default_factory=set)
    lanes: set[int] = field(default_factory=set)

    def __or__(self, other):
        return Rows(self.units | other.units, self.lanes | other.lanes)


def rows_of(*subjects):
    """The rows in which reservations and closures are now."""
    rows = Rows()
    for subject in subjects:
        if isinstance(subject, Closure):
            rows.units.add(subject.unit_id)
        elif segments := subject.segments:
            rows.units |= {segment.unit_id for segment in segments}
        else:
            rows.lanes.add(subject.property_id)
    return rows


def is_on_chart(request):
    """Whether the tape chart sent the request, so that the response has to be rows."""
    return bool(request.htmx) and "chart" in request.POST


def done(request, words, *subjects, were, page):
    """The response after a verb: the message `words` with Undo, and a redirect to `page`, or the changed rows.

    `subjects` are what the verb returned, `were` are their rows before.
    """
    offer_undo(request, words, subjects[0])
    if is_on_chart(request):
        rows = were | rows_of(*subjects)
        return answer_with_rows(request, rows.units, lanes=rows.lanes)
    return redirect(page)


def offer_undo(request, words, subject):
    """Add the message `words`, with an Undo for the act in `subject.new_event`.

    `subject` is a reservation, closure or group as the verb returned it. There is no Undo when the verb changed
    nothing, or when the user may not undo it.
    """
    event = subject.new_event
    can_be_undone = event and booking.may_undo(event, request.user)
    messages.success(request, words, extra_tags=_undo_address(event) if can_be_undone else "")


def _undo_address(event):
    """Where the Undo of the event's act leads; with "?again" the toast says *Do it again*."""
    return reverse("reservations:undo", args=[event.pk]) + ("?again" if event.is_taken_back else "")


def came_from(request, otherwise):
    """The address of the page of this site that sent the request, else that of `otherwise`."""
    return own_path(request, request.headers.get("Referer", "")) or resolve_url(otherwise)


def answer_with_rows(request, units, lanes=(), status=200):
    """A response with the rows of `units` and the unassigned lanes of the properties `lanes`, and with the counts.

    htmx swaps them for those on the page. The chart's days and filters are in the request's field `shown` (the chart's
    `data-shown`), or without it in fields such as `first` and `days`.
    """
    fields = request.POST or request.GET
    shown = QueryDict(fields["shown"]) if "shown" in fields else fields
    rooms, _ = rooms_asked_for(request.user, shown)
    position = ChartForm(shown, rooms=rooms).position()
    changed = chart.changed_rows(position, rooms, units=frozenset(units), lanes=frozenset(lanes))
    context = {"chart": changed, "badges": badges_of(changed.reservation_ids, request.user), "is_swap": True}
    return render(request, "reservations/calendar_rows.html", context, status=status)


def rooms_asked_for(user, query):
    """(rooms of the property that the query string names, True), or (all rooms, False) if it names none that exists.

    Of all rooms those that `user` sees.
    """
    key = query.get("property", "")
    rooms = chart.all_rooms(user, int(key)) if re.fullmatch(r"[0-9]{1,9}", key) else []
    return (rooms, True) if rooms else (chart.all_rooms(user), False)
