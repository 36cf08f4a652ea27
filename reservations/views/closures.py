"""Closing a room for some nights, changing that, and opening it again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Action, get_visible_or_404, require_somewhere
from config.errors import DomainError
from reservations import booking
from reservations.availability import presence
from reservations.forms.closures import ClosureForm, ClosurePropertyForm
from reservations.forms.fields import with_alternative
from reservations.history import entries, moved_because_of, undo_offer
from reservations.models import Closure
from reservations.offers.alternatives import alternatives_to_closing
from reservations.views.responses import done, offer_undo, rows_of
from reservations.wording import closed, closed_when, not_left

TEMPLATE = "reservations/closure.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    require_somewhere(request.user, Action.CLOSE)
    property_form = ClosurePropertyForm(request.POST or request.GET, actor=request.user)
    if not (property := property_form.chosen_property()):
        return render(request, TEMPLATE, {"property_form": property_form})
    if request.method != "POST":
        return _show(request, ClosureForm(property=property, initial=request.GET.dict()), property)
    form = ClosureForm(with_alternative(request.POST), property=property)
    if not form.is_valid():
        return _show(request, form, property, status=422)
    try:
        closure = booking.close(**form.wanted(), actor=request.user)
    except DomainError as refused:
        return _show(request, form, property, refused=refused)
    return _closed(request, closure)


@require_http_methods(["GET", "HEAD", "POST"])
def closure(request, pk):
    found = _closure(request, pk)
    if request.method != "POST":
        return _show(request, ClosureForm.of(found), found.property, found)
    form = ClosureForm.of(found, with_alternative(request.POST))
    if not form.is_valid():
        return _show(request, form, found.property, found, status=422)
    return _change(request, form, found)


@require_POST
def reopen(request, pk):
    found = _closure(request, pk)
    were = rows_of(found)
    try:
        reopened = booking.reopen(closure=found, actor=request.user)
    except booking.AlreadyReopened as refused:
        messages.info(request, refused.message)
        return redirect("reservations:closure", pk)
    words = f"{_place(reopened)} is open again, {closed_when(reopened)}."
    return done(request, words, reopened, were=were, page=_on_calendar(reopened))


def _change(request, form, found):
    version = form.cleaned_data["version"]
    try:
        changed = booking.change_closure(closure=found, **form.wanted(), version=version, actor=request.user)
    except booking.ClosureChanged as stale:
        form.refresh_from(stale.theirs)
        return _show(request, form, found.property, stale.theirs, refused=stale)
    except DomainError as refused:
        return _show(request, form, found.property, found, refused=refused)
    return _closed(request, changed)


def _closed(request, closure):
    offer_undo(request, closed(closure), closure)
    if segment := presence.still_in(closure.unit, closure.stay):
        messages.warning(request, f"{not_left(segment)}. The room is closed, and they are still in it.")
    return redirect(_on_calendar(closure))


def _show(request, form, property, found=None, *, status=200, refused=None):
    lines = entries(found) if found else []
    context = {
        "form": form,
        "property": property,
        "closure": found,
        "history": lines,
        "moved": moved_because_of(found) if found else [],
        "undo": undo_offer(lines, request.user),
        "refused": refused,
        "is_stale": isinstance(refused, booking.ClosureChanged),
        "in_the_way": _stays_there(refused),
        "alternatives": alternatives_to_closing(refused, stay=form.cleaned_data.get("stay")) if refused else [],
    }
    return render(request, TEMPLATE, context, status=refused.status if refused else status)


def _stays_there(refused):
    """The reservations that have the nights, which would have to be moved first."""
    answer = getattr(refused, "answer", None)
    return [row.reservation for row in answer.in_the_way if row.reservation] if answer else []


def _closure(request, pk):
    rows = Closure.objects.select_related("unit__property", "property")
    needed = Action.CLOSE if request.method == "POST" else Action.SEE
    return get_visible_or_404(request.user, rows, needed, pk=pk)


def _place(closure):
    return f"Room {closure.unit}" if closure.property.is_hotel else str(closure.property)


def _on_calendar(closure):
    return f"{reverse('reservations:calendar')}?{urlencode({'first': closure.stay.arrival})}"
