"""A bar that is dropped on the tape chart. The response has the rows as they are afterwards and, after a refusal, a
dialog that says why and has buttons for the alternatives."""

from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from accounts.access import Action
from config.errors import DomainError
from reservations import booking
from reservations.forms.calendar_move import CalendarMoveForm
from reservations.forms.fields import with_alternative
from reservations.history import entries
from reservations.models import Reservation
from reservations.offers.alternatives import alternatives_to, alternatives_to_closing
from reservations.views.responses import (
    Rows,
    answer_with_rows,
    came_from,
    done,
    is_on_chart,
    reservation_or_404,
    rows_of,
)
from reservations.wording import closed_span, moved, price_if_new, sleeps_where, swapped

# The fields that the dialog's form sends again, beside the button that is pressed.
FIELDS_SENT_AGAIN = (
    "reference",
    "closure",
    "segment",
    "unit",
    "arrival",
    "departure",
    "version",
    "pricing",
    "reason",
    "bar",
)


@require_POST
def drop(request):
    data = with_alternative(request.POST)
    form = CalendarMoveForm(data, actor=request.user)
    if not form.is_valid():
        return _refuse(request, data, DomainError(form.problem()), status=422)
    wanted = form.cleaned_data
    subject = wanted["closure"] or reservation_or_404(request, wanted["reference"])
    rows = rows_of(subject) | Rows({wanted["unit"].pk} if wanted["unit"] else set())
    try:
        subjects, words = _do(request, wanted, subject)
    except DomainError as refused:
        return _refuse(request, data, refused, subject=subject, stay=wanted["stay"], rows=rows)
    if all(after.version == before.version for before, after in zip([subject], subjects, strict=False)):
        return _answer_rows(request, rows)  # dropped where it was before
    return done(request, words, *subjects, were=rows, page=came_from(request, "reservations:calendar"))


def _do(request, wanted, subject):
    """Call the verb for the drop. Returns the reservations or closure that took part, and the words for the toast."""
    if wanted["unit"] and wanted["unit"].property_id != subject.property_id:
        raise booking.NotMovable(
            f"{wanted['unit'].property} is another property. Book there, or close that room, instead."
        )
    actor = request.user
    if wanted["closure"]:
        return _move_closure(wanted, actor)
    if wanted["swap_with"]:
        other = reservation_or_404(request, wanted["swap_with"])
        pair = booking.swap(first=subject, second=other, version=wanted["version"], actor=actor)
        return pair, swapped(*pair)
    if wanted["unit"] is None:
        left = booking.unassign(reservation=subject, reason=wanted["reason"], version=wanted["version"], actor=actor)
        return [left], f"{left.guest} has no room now and waits in the unassigned lane."
    after = booking.move(
        reservation=subject,
        unit=wanted["unit"],
        segment=_segment(wanted, subject),
        stay=wanted["stay"],
        version=wanted["version"],
        pricing=wanted["pricing"] or None,
        overrule_reason=wanted["reason"],
        actor=actor,
    )
    return [after], moved(after) + price_if_new(after)


def _segment(wanted, subject):
    """The segment to move, or None for a stay that has at most one segment. Raises SegmentGone."""
    found = next((segment for segment in subject.segments if segment.pk == wanted["segment"]), None)
    if found is None and wanted["segment"] and len(subject.segments) > 1:
        raise booking.SegmentGone
    return found


def _move_closure(wanted, actor):
    if wanted["unit"] is None:
        raise booking.NotMovable("A closure stands in a room. To open the room again, choose that in its menu.")
    changed = booking.change_closure(
        closure=wanted["closure"], unit=wanted["unit"], stay=wanted["stay"], version=wanted["version"], actor=actor
    )
    return [changed], f"Room {changed.unit} is closed {closed_span(changed.stay)}."


def _refuse(request, data, refused, *, subject=None, stay=None, rows=None, status=None):
    """The dialog, with the rows as they are, so that the bar is back at its place. Raises the refusal itself when the
    request did not come from the chart."""
    if not is_on_chart(request):
        raise refused
    is_stay = isinstance(subject, Reservation)
    changed = isinstance(refused, booking.ChangedMeanwhile)
    if is_stay:
        offered = alternatives_to(refused, stay=stay, reservation=subject)
    else:
        offered = alternatives_to_closing(refused, stay=stay)
    context = {
        "refused": refused,
        "title": _title(refused),
        "alternatives": offered,
        "asks_reason": _asks_reason(refused, request.user, subject),
        "their_changes": entries(refused.theirs)[0].changes if changed else [],
        "stands": sleeps_where(refused.theirs if changed else subject) if is_stay else "",
        "bar": data.get("bar", ""),
        "again": [(name, data[name]) for name in FIELDS_SENT_AGAIN if data.get(name)],
    }
    # 409 also for refusals whose own status is 403: htmx swaps responses of status 409 and 422 only.
    status = status or (422 if refused.status == 422 else 409)
    response = _answer_rows(request, rows or Rows(), status=status)
    response.write(render_to_string("reservations/put_back.html", context, request=request))
    return response


def _asks_reason(refused, user, subject):
    """The label of the button beside the field for a manager's reason; "" where a reason would not help."""
    if isinstance(refused, booking.ReasonNeeded):
        return "Unassign"
    helps = getattr(refused, "needs_reason", False) and user.access.may(Action.OVERRULE, subject)
    return "Move it nevertheless" if helps else ""


def _title(refused):
    if isinstance(refused, booking.PriceWouldChange):
        return "The price would change"
    if isinstance(refused, booking.ChangedMeanwhile):
        return "Somebody was quicker"
    return "Unassign the room?" if isinstance(refused, booking.ReasonNeeded) else "Put back"


def _answer_rows(request, rows, status=200):
    if not is_on_chart(request):
        return redirect(came_from(request, "reservations:calendar"))
    return answer_with_rows(request, rows.units, lanes=rows.lanes, status=status)
