"""What an act of the desk answers with: its toast with Undo, then the tape chart's rows that it changed, or a page."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from config.return_urls import own_path
from reservations import booking
from reservations.models import Closure
from reservations.views.calendar import answer_with_rows


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
        elif parts := subject.parts:
            rows.units |= {part.unit_id for part in parts}
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
