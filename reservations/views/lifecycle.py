"""The steps of a reservation. Each is a POST; those that need input have a page with a form."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Action
from config.errors import DomainError
from reservations.booking import lifecycle
from reservations.forms.lifecycle import CancelForm, HoldForm, OverruleForm
from reservations.views.responses import (
    answer_with_rows,
    came_from,
    changeable_or_404,
    done,
    is_on_chart,
    reservation_or_404,
    rows_of,
)


@require_POST
def confirm(request, reference):
    return _step(request, changeable_or_404(request, reference), lifecycle.confirm, "{} is confirmed.")


@require_POST
def check_in(request, reference):
    return _step(request, changeable_or_404(request, reference), lifecycle.check_in, "{} is checked in.")


@require_http_methods(["GET", "HEAD", "POST"])
def check_out(request, reference):
    """GET asks about tonight if the party leaves before its first night is over; `tonight` is then "free" or "keep"."""
    reservation = changeable_or_404(request, reference)
    if request.method != "POST":
        lifecycle.refuse_wrong_start(reservation, "check_out")
        return render(request, "reservations/check_out.html", {"reservation": reservation})
    tonight = request.POST.get("tonight")
    verb = partial(lifecycle.check_out, free_tonight=tonight == "free")
    words = "{} is checked out. Tonight is free." if tonight == "free" else "{} is checked out."
    return _step(request, reservation, verb, words, page=reservation if tonight else None)


@require_POST
def free_nights(request, reference):
    words = "{} keeps no room any more: tonight is free."
    return _step(request, changeable_or_404(request, reference), lifecycle.free_nights, words)


@require_POST
def mark_no_show(request, reference):
    return _step(
        request,
        changeable_or_404(request, reference),
        lifecycle.mark_no_show,
        "{} is a no-show. The nights are free.",
    )


@require_POST
def reinstate(request, reference):
    return _step(request, changeable_or_404(request, reference), lifecycle.reinstate, "{} is back, confirmed.")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, reference):
    reservation = changeable_or_404(request, reference)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verb = partial(lifecycle.cancel, **form.cleaned_data)
        return _step(request, reservation, verb, "{} is cancelled. The nights are free.", page=reservation)
    lifecycle.refuse_wrong_start(reservation, "cancel")
    return _page(request, "cancel", reservation, form)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_hold(request, reference):
    reservation = changeable_or_404(request, reference)
    form = HoldForm(request.POST if request.method == "POST" else None, reservation=reservation)
    if form.is_valid():
        verb = partial(lifecycle.extend_hold, until=form.cleaned_data["hold_until"])
        return _step(request, reservation, verb, "{} is held longer.", page=reservation)
    lifecycle.refuse_wrong_start(reservation, "extend_hold")
    return _page(request, "extend_hold", reservation, form)


@require_http_methods(["GET", "HEAD", "POST"])
def overrule(request, reference):
    reservation = reservation_or_404(request, reference, Action.OVERRULE)
    form = OverruleForm(request.POST if request.method == "POST" else None, initial={"status": reservation.status})
    if form.is_valid():
        verb = partial(lifecycle.overrule, **form.cleaned_data)
        return _step(request, reservation, verb, "{}’s state is set.", page=reservation)
    return _page(request, "overrule", reservation, form)


def _step(request, reservation, verb, words, *, page=None):
    """Call the verb and show a message, with Undo if it was done. Lead back to the page of the button, or to `page`.

    `words` is the message, with {} for the guest. On the tape chart, the response has the changed rows.
    """
    were, page = rows_of(reservation), page or came_from(request, reservation)
    try:
        reservation = verb(reservation=reservation, actor=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
        if is_on_chart(request):
            return answer_with_rows(request, were.units, lanes=were.lanes, status=refused.status)
        return redirect(page)
    return done(request, words.format(reservation.guest), reservation, were=were, page=page)


def _page(request, name, reservation, form):
    context = {"form": form, "reservation": reservation}
    return render(request, f"reservations/{name}.html", context, status=422 if form.is_bound else 200)
