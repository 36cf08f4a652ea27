"""The page New reservation: the form, and the hints beside it."""

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import Action, require_somewhere
from config.htmx import render_page_or_partial
from reservations import booking
from reservations.forms.booking import BookingForm, filled
from reservations.offers.booking_hints import hints_for
from reservations.views.responses import offer_undo
from reservations.wording import span

PARTIALS = {"booking": "booking", "booking-hints": "refreshed-hints"}
# Errors that are shown at the field that they name, or else at the top of the form.
REFUSED = (booking.BrokenRule, booking.NotBookable, booking.OutsideLimits, booking.PlanChanged)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """The form or its hints, or after a POST that books a redirect to the reservation.

    The buttons of suggestions, days and months also send a POST; they only fill in the form.
    """
    require_somewhere(request.user, Action.BOOK)
    if request.method != "POST":
        return _show(request, BookingForm(initial=request.GET.dict(), actor=request.user))
    if fields := filled(request.POST):
        return _show(request, BookingForm(initial=fields, actor=request.user))
    form = BookingForm(request.POST, actor=request.user)
    return _book(request, form) if form.is_valid() else _show(request, form, status=422)


def _book(request, form):
    try:
        reservation = booking.book(request=form.request(), **form.whom(), actor=request.user)
    except booking.DatesTaken as taken:  # the hints show who has the nights, and what is free instead
        return _show(request, form, status=409, refused=taken.answer)
    except REFUSED as refused:
        form.add_error(getattr(refused, "field", None), refused.message)
        return _show(request, form, status=refused.status)
    verb = "Held" if reservation.hold_expires_at else "Reserved"
    offer_undo(request, f"{verb}: {reservation.reference}, {span(reservation.stay)}.", reservation)
    return redirect("reservations:detail", reservation.reference)


def _show(request, form, status=200, refused=None):
    context = {
        "form": form,
        "property": form.property,
        "hints": hints_for(form.criteria(), actor=request.user, refused=refused),
        "status": status,
    }
    return render_page_or_partial(request, "reservations/new.html", context, partials=PARTIALS, status=status)
