"""A bar put down on the tape chart. The server decides: it answers with the rows as they are then, and when it said no,
with a dialog that says why and what else could be pressed."""

from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

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
from reservations.wording import moved, short_span, sleeps_where, swapped

# What the dialog's form sends again; the rest is the button that is pressed.
AGAIN = ("reference", "closure", "segment", "unit", "arrival", "departure", "version", "pricing", "reason", "bar")


@require_POST
def drop(request):
    data = with_alternative(request.POST)
    form = CalendarMoveForm(data)
    if not form.is_valid():
        return _refuse(request, data, DomainError(form.problem()), status=422)
    wanted = form.cleaned_data
    subject = wanted["closure"] or reservation_or_404(wanted["reference"])
    rows = rows_of(subject) | Rows({wanted["unit"].pk} if wanted["unit"] else set())
    try:
        subjects, words = _do(wanted, subject, request.user)
    except DomainError as refused:
        return _refuse(request, data, refused, subject=subject, stay=wanted["stay"], rows=rows)
    if all(after.version == before.version for before, after in zip([subject], subjects, strict=False)):
        return _answer_rows(request, rows)  # put down where it was
    return done(request, words, *subjects, were=rows, page=came_from(request, "reservations:calendar"))


def _do(wanted, subject, actor):
    """The verb that a drop means. Returns who took part, and the words for the toast."""
    if wanted["unit"] and wanted["unit"].property_id != subject.property_id:
        raise booking.NotMovable(
            f"{wanted['unit'].property} is another property. Book there, or close that room, instead."
        )
    if wanted["closure"]:
        return _move_closure(wanted, actor)
    if wanted["swap_with"]:
        other = reservation_or_404(wanted["swap_with"])
        pair = booking.swap(first=subject, second=other, version=wanted["version"], actor=actor)
        return pair, swapped(*pair)
    if wanted["unit"] is None:
        left = booking.unassign(reservation=subject, reason=wanted["reason"], version=wanted["version"], actor=actor)
        return [left], f"{left.guest} has no room now and waits in the unassigned lane."
    after = booking.move(
        reservation=subject,
        unit=wanted["unit"],
        segment=next((segment for segment in subject.segments if segment.pk == wanted["segment"]), None)
        or _gone(wanted, subject),
        stay=wanted["stay"],
        version=wanted["version"],
        pricing=wanted["pricing"] or None,
        overrule_reason=wanted["reason"],
        actor=actor,
    )
    return [after], moved(after)


def _gone(wanted, subject):
    """Of a stay in one room or none it is plain what is meant; a segment of several may be there no more."""
    if wanted["segment"] and len(subject.segments) > 1:
        raise booking.NotMovable("This part of the stay is not there any more. Look again.")


def _move_closure(wanted, actor):
    if wanted["unit"] is None:
        raise booking.NotMovable("A closure stands in a room. To open the room again, choose that in its menu.")
    changed = booking.change_closure(
        closure=wanted["closure"], unit=wanted["unit"], stay=wanted["stay"], version=wanted["version"], actor=actor
    )
    return [changed], f"Room {changed.unit} is closed {short_span(changed.stay)}."


def _refuse(request, data, refused, *, subject=None, stay=None, rows=None, status=None):
    """The rows as they really are, so that the bar is back, and the dialog. Without the chart, words alone."""
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
        "asks_reason": _asks_reason(refused, request.user),
        "their_changes": entries(refused.theirs)[0].changes if changed else [],
        "stands": sleeps_where(refused.theirs if changed else subject) if is_stay else "",
        "bar": data.get("bar", ""),
        "again": [(name, data[name]) for name in AGAIN if data.get(name)],
    }
    # 403 is for pages; here it is one more reason why the bar is back
    status = status or (422 if refused.status == 422 else 409)
    response = _answer_rows(request, rows or Rows(), status=status)
    response.write(render_to_string("reservations/put_back.html", context, request=request))
    return response


def _asks_reason(refused, user):
    """The word on the button beside the field for a manager's reason; "" where none would help."""
    if isinstance(refused, booking.ReasonNeeded):
        return "Take the room away"
    return "Move it nevertheless" if user.may_overrule and getattr(refused, "needs_reason", False) else ""


def _title(refused):
    if isinstance(refused, booking.PriceWouldChange):
        return "The price would change"
    if isinstance(refused, booking.ChangedMeanwhile):
        return "Somebody was quicker"
    return "Take the room away?" if isinstance(refused, booking.ReasonNeeded) else "Put back"


def _answer_rows(request, rows, status=200):
    if not is_on_chart(request):
        return redirect(came_from(request, "reservations:calendar"))
    return answer_with_rows(request, rows.units, lanes=rows.lanes, status=status)
