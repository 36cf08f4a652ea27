"""What several views share: finding the reservation that an address names, and the response after something was done (a
message with *Undo*, then a page, or the rows of the tape chart that have changed)."""

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse

from config.return_urls import own_path
from reservations import booking
from reservations.badges import badges_of
from reservations.forms.calendar import ChartForm
from reservations.models import Closure, Reservation
from reservations.tape import chart


def reservation_or_404(reference):
    """The reservation with its guest, property and rooms at hand. Raises Http404."""
    return get_object_or_404(Reservation.objects.with_unit(), reference=reference)


@dataclass
class Rows:
    """Of the tape chart: keys of units, and of properties whose lane of stays without a room is meant."""

    units: set[int] = field(default_factory=set)
    lanes: set[int] = field(default_factory=set)

    def __or__(self, other):
        return Rows(self.units | other.units, self.lanes | other.lanes)


def rows_of(*subjects):
    """Where reservations and closures stand now."""
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
    """Whether the tape chart asked, which wants its rows back."""
    return bool(request.htmx) and "chart" in request.POST


def done(request, words, *subjects, were, page):
    """Say what was done, with Undo. `subjects` are what the verb returned, `were` their rows before, `page` is where a
    plain form leads."""
    offer_undo(request, words, subjects[0])
    if is_on_chart(request):
        rows = were | rows_of(*subjects)
        return answer_with_rows(request, rows.units, lanes=rows.lanes)
    return redirect(page)


def offer_undo(request, words, subject):
    """A message whose Undo takes back the act that has left `subject`, a reservation, closure or group, as the verb
    returned it, and what else it did; without Undo when it did nothing, or when it would be refused."""
    event = subject.new_event
    can_be_undone = event and booking.may_undo(event, request.user)
    messages.success(request, words, extra_tags=reverse("reservations:undo", args=[event.pk]) if can_be_undone else "")


def came_from(request, otherwise):
    """The page of ours that the request was sent from."""
    return own_path(request, request.headers.get("Referer", "")) or resolve_url(otherwise)


def answer_with_rows(request, units, lanes=(), status=200):
    """The rows of `units` and the unassigned lanes of the properties `lanes`, each to take the place of the one before.

    With them come the counts that they have changed. Which days and filters are on the screen stands in the request's
    field `shown` (`data-shown` of the chart); without it, in its fields `first` and `days`.
    """
    asked = request.POST or request.GET
    shown = QueryDict(asked["shown"]) if "shown" in asked else asked
    rooms, _ = rooms_asked_for(shown)
    position = ChartForm(shown, rooms=rooms).position()
    changed = chart.changed_rows(position, rooms, units=frozenset(units), lanes=frozenset(lanes))
    context = {"chart": changed, "badges": badges_of(changed.reservation_ids, request.user), "is_swap": True}
    return render(request, "reservations/calendar_rows.html", context, status=status)


def rooms_asked_for(asked):
    """The rooms of the property that the query `asked` names, and True; all rooms and False when it names none that is
    there."""
    key = asked.get("property", "")
    rooms = chart.all_rooms(int(key)) if re.fullmatch(r"[0-9]{1,9}", key) else []
    return (rooms, True) if rooms else (chart.all_rooms(), False)
