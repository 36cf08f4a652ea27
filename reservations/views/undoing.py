from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import NotAllowed
from config.errors import DomainError
from reservations import booking
from reservations.history import has_handover_note
from reservations.models import Event
from reservations.views.responses import Rows, answer_with_rows, came_from, is_on_chart, offer_undo, rows_of
from reservations.wording import taken_back

# The ids of the lists that have Undo buttons. The page that is shown afterwards has the focus on the list.
FOCUS = {"history", "recent"}


@require_POST
def undo(request, pk):
    """Undo the act of the event, and lead back to the page of the button, to its element `focus` if that is given."""
    seen = Event.objects.visible_to(request.user)
    event = get_object_or_404(seen.select_related("reservation__property", "closure__unit__property"), pk=pk)
    subject, status = event.reservation or event.closure, 200
    rows = _rows_of_act(event) | rows_of(subject)
    try:
        undone = booking.undo(event=event, actor=request.user)
    except DomainError as refused:
        if isinstance(refused, NotAllowed) and not is_on_chart(request):
            raise
        messages.error(request, refused.message)
        status = 409
    else:
        offer_undo(request, taken_back(event, undone, has_note=has_handover_note(event)), undone[0])
    if is_on_chart(request):
        return answer_with_rows(request, rows.units, lanes=rows.lanes, status=status)
    focus = request.POST.get("focus")
    return redirect(came_from(request, _page_of(subject)) + (f"#{focus}" if focus in FOCUS else ""))


def _rows_of_act(event):
    """The rows of all units in the segments of the act's events, before and after them, and of the property's lane."""
    rows = Rows(lanes={(event.reservation or event.closure).property_id})
    for data in Event.objects.filter(act=event.act).values_list("data", flat=True):
        for segments in data.get("segments") or ():
            rows.units |= {segment["unit"] for segment in segments or ()}
    return rows


def _page_of(subject):
    if hasattr(subject, "reference"):
        return reverse("reservations:detail", args=[subject.reference])
    return reverse("reservations:closure", args=[subject.pk])
