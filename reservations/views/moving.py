"""Pages with forms for splitting, joining and swapping stays; unassigning a room, and locking one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Action
from config.errors import DomainError
from config.htmx import render_page_or_partial
from reservations import booking, wording
from reservations.forms.fields import with_alternative
from reservations.forms.moving import JoinForm, SplitForm, SwapForm, UnassignForm
from reservations.history import entries
from reservations.offers.alternatives import alternatives_to
from reservations.views.responses import changeable_or_404, done, reservation_or_404, rows_of

PARTIALS = {"moving": "moving", "div_id_unit": "rooms"}


@dataclass(frozen=True)
class RoomChange:
    """A change of a stay's rooms: its form, its verb, and the words of its page, with {} for the guest."""

    name: str
    form: type
    verb: Callable
    title: str
    lead: str


SPLIT = RoomChange("split", SplitForm, booking.split, "Split {}’s stay", "From one night on in another room.")
JOIN = RoomChange("join", JoinForm, booking.join, "Bring {} into one room", "All nights in one room again.")
SWAP = RoomChange("swap", SwapForm, booking.swap, "Swap {}’s room", "Two stays exchange rooms; dates and prices stay.")

UNASSIGN = RoomChange(
    "unassign",
    UnassignForm,
    booking.unassign,
    "Unassign {}’s room",
    "The stay keeps its nights and waits in the unassigned lane. A manager decides this.",
)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request, reference):
    return _answer(request, reference, SPLIT)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request, reference):
    return _answer(request, reference, JOIN)


@require_http_methods(["GET", "HEAD", "POST"])
def swap(request, reference):
    return _answer(request, reference, SWAP)


@require_http_methods(["GET", "HEAD", "POST"])
def unassign(request, reference):
    return _answer(request, reference, UNASSIGN)


@require_POST
def lock(request, reference):
    """`is_locked` "yes" locks the stay in its room, anything else unlocks it."""
    reservation = changeable_or_404(request, reference)
    is_locked = request.POST.get("is_locked") == "yes"
    if is_locked != reservation.is_locked:
        reservation = booking.set_lock(reservation=reservation, is_locked=is_locked, actor=request.user)
    lock = "is locked" if is_locked else "is not locked any more"
    page = reverse("reservations:detail", args=[reference])
    return done(
        request, f"Room {reservation.rooms} {lock} for {reservation.guest}.", reservation, were=rows_of(), page=page
    )


def _answer(request, reference, act):
    action = Action.OVERRULE if act is UNASSIGN else Action.CHANGE
    reservation = reservation_or_404(request, reference, action)
    if not reservation.is_open:
        raise booking.NotOpen(reservation)
    data = with_alternative(request.POST) if request.method == "POST" else None
    initial = request.GET.dict()
    if data is not None and "look" in data:
        initial, data = data.dict(), None
    form = act.form(data, reservation=reservation, initial=initial)
    if data is None or not form.is_valid():
        return _show(request, act, form)
    return _save(request, act, form, reservation)


def _save(request, act, form, reservation):
    were = rows_of(reservation)
    try:
        moved = _do(act, reservation, form.wanted(), request.user)
    except booking.ChangedMeanwhile as refused:
        form.data["version"] = refused.theirs.version  # the page shows their changes, so that sending it again succeeds
        return _show(request, act, form, refused, entries(refused.theirs)[0].changes)
    except DomainError as refused:
        return _show(request, act, form, refused)
    page = reverse("reservations:detail", args=[reservation.reference])
    if moved[0].version == reservation.version:
        messages.info(request, "Nothing has changed.")
        return redirect(page)
    words = wording.moved(moved[0]) if len(moved) == 1 else wording.swapped(*moved)
    return done(request, words, *moved, were=were, page=page)


def _do(act, reservation, wanted, actor):
    """Call the verb; returns the reservations that it changed."""
    if act is SWAP:
        return act.verb(first=reservation, actor=actor, **wanted)
    return [act.verb(reservation=reservation, actor=actor, **wanted)]


def _show(request, act, form, refused=None, their_changes=()):
    reservation = form.reservation
    context = {
        "act": act,
        "title": act.title.format(reservation.guest),
        "where": wording.sleeps_where(reservation),
        "form": form,
        "reservation": reservation,
        "refused": refused,
        "their_changes": their_changes,
        "alternatives": alternatives_to(refused, stay=form.cleaned_data.get("stay")) if refused else [],
    }
    status = refused.status if refused else 422 if form.is_bound and form.errors else 200
    return render_page_or_partial(request, "reservations/rooms.html", context, partials=PARTIALS, status=status)
