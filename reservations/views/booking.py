"""The pages New reservation and Change stay: the form, and the hints beside it."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from config.htmx import render_page_or_partial
from reservations import booking
from reservations.forms.booking import BookingForm, ChangeForm, filled
from reservations.offers.booking_hints import hints_for
from reservations.views.responses import offer_undo, reservation_or_404
from reservations.wording import span

PARTIALS = {"booking": "booking", "booking-hints": "refreshed-hints"}
# Errors that are shown at the field that they name, or else at the top of the form.
REFUSED = (booking.BrokenRule, booking.NotBookable, booking.NotMovable, booking.OutsideLimits, booking.PlanChanged)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    return _answer(request, BookingForm, _book)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, reference):
    reservation = reservation_or_404(reference)
    if not reservation.is_open:
        raise booking.NotOpen(reservation)
    return _answer(request, partial(ChangeForm, reservation=reservation), _change, changing=reservation)


def _book(request, form):
    reservation = booking.book(request=form.request(), **form.whom(), actor=request.user)
    verb = "Held" if reservation.hold_expires_at else "Reserved"
    offer_undo(request, f"{verb}: {reservation.reference}, {span(reservation.stay)}.", reservation)
    return reservation


def _change(request, form):
    before = form.reservation.version
    reservation = booking.change(**form.wanted(), actor=request.user)
    if reservation.version == before:
        messages.info(request, f"{reservation.reference} is as it was: nothing was changed.")
    else:
        offer_undo(request, f"{reservation.reference} is changed.", reservation)
    return reservation


def _answer(request, make_form, save, changing=None):
    """The response: the form or its hints, or after a POST that books or changes the stay a redirect to it.

    The buttons of suggestions, days and months also send a POST; they only fill in the form.
    """
    if request.method != "POST":
        return _show(request, make_form(initial=request.GET.dict()), changing)
    if fields := filled(request.POST):
        return _show(request, make_form(initial=fields), changing)
    form = make_form(request.POST)
    if not form.is_valid():
        return _show(request, form, changing, status=422)
    try:
        return redirect("reservations:detail", save(request, form).reference)
    except booking.DatesTaken as taken:  # the hints show who has the nights, and what is free instead
        return _show(request, form, changing, status=409, refused=taken.answer)
    except booking.PriceWouldChange as asked:
        return _show(request, form, changing, status=409, price=asked)
    except booking.ChangedMeanwhile as stale:
        form.refresh_from(stale.theirs)
        return _show(request, form, stale.theirs, status=409, stale=stale)
    except REFUSED as refused:
        form.add_error(getattr(refused, "field", None), refused.message)
        return _show(request, form, changing, status=refused.status)


def _show(request, form, changing, status=200, refused=None, **context):
    hints = hints_for(form.criteria(), changing=changing, refused=refused)
    context |= {"form": form, "hints": hints, "changing": changing, "status": status}
    return render_page_or_partial(request, "reservations/new.html", context, partials=PARTIALS, status=status)
