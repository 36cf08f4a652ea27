"""The page Change: the form for dates, room, party and guest of a reservation, and the hints beside it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.htmx import render_page_or_partial
from reservations import booking, wording
from reservations.forms.changing import ChangeForm, filled_in
from reservations.offers.change_hints import hints_for
from reservations.views.responses import changeable_or_404, offer_undo

PARTIALS = {"change": "changing", "change-hints": "refreshed-hints"}
# Errors that are shown at the field that they name, or else at the top of the form.
REFUSED = (
    booking.NotBookable,
    booking.NotMovable,
    booking.NotYet,
    booking.OutsideLimits,
    booking.PriceNotAsShown,
)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, reference):
    """The form, or after a POST that changes the stay a redirect to it.

    The buttons of suggestions, days and months also send a POST; they only fill in the form. `focus` in the address
    names the field with the cursor, `segment` the one segment that is to change.
    """
    reservation = changeable_or_404(request, reference)
    if not reservation.is_open:
        raise booking.NotOpen(reservation)
    about = {
        "actor": request.user,
        "reservation": reservation,
        "segment_key": (request.POST or request.GET).get("segment", ""),
    }
    if request.method != "POST":
        form = ChangeForm(initial=request.GET.dict(), **about)
        form.focus(request.GET.get("focus"))
        return _show(request, form)
    form = ChangeForm(request.POST, **about)
    if fields := filled_in(form, request.POST):
        return _show(request, ChangeForm(initial=fields, **about))
    return _save(request, form) if form.is_valid() else _show(request, form, status=422)


@require_safe
def move(request, reference):
    """The former address for another room."""
    changeable_or_404(request, reference)
    asked = request.GET.dict() | {"focus": "unit"}
    return redirect(f"{reverse('reservations:change', args=[reference])}?{urlencode(asked)}")


def _save(request, form):
    try:
        reservation = booking.change(
            reservation=form.reservation,
            request=form.request(),
            actor=request.user,
            version=form.cleaned_data["version"],
        )
    except booking.DatesTaken as taken:  # the hints show who has the nights, and what is free instead
        return _show(request, form, status=409, refused=taken.answer)
    except booking.PriceWouldChange as asked:
        return _show(request, form, status=409, price=asked)
    except booking.ChangedMeanwhile as stale:
        form.refresh_from(stale.theirs)
        return _show(request, form, status=409, stale=stale)
    except REFUSED as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, refused.message)
        return _show(request, form, status=refused.status)
    if reservation.new_event:
        offer_undo(request, wording.changed(reservation), reservation)
    else:
        messages.info(request, f"{reservation.reference} is as it was: nothing was changed.")
    return redirect("reservations:detail", reservation.reference)


def _show(request, form, status=200, refused=None, **context):
    hints = hints_for(
        form.reservation,
        form.request_so_far(),
        criteria=form.criteria,
        problems=form.problems,
        refused=refused,
    )
    context |= {"form": form, "hints": hints, "reservation": form.reservation}
    return render_page_or_partial(
        request, "reservations/change.html", context | {"status": status}, partials=PARTIALS, status=status
    )
