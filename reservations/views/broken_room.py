"""The page *This room is broken*: it closes a room and moves the guests who have nights there."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Action, require_somewhere
from config.errors import DomainError
from config.htmx import render_page_or_partial
from reservations import booking, wording
from reservations.availability import presence
from reservations.forms.broken_room import BrokenRoomForm, WhichRoomForm
from reservations.forms.fields import with_alternative
from reservations.history import moved_because_of
from reservations.offers.alternatives import alternatives_to_closing
from reservations.offers.rooms_for_guests import Closing, closing_of, guests_to_move, kept_for_nobody, placements
from reservations.views.responses import offer_undo

TEMPLATE = "reservations/broken_room.html"
PARTIALS = {"affected": "affected-again", "closing": "closing-again"}
# Days after which the buttons beside the dates open the room again.
SOON = {1: "Tomorrow", 3: "In 3 days", 7: "In a week"}


@require_http_methods(["GET", "HEAD", "POST"])
def broken(request):
    """Nothing is changed until the button *Move all and close* sends `close`; all others fill in the form."""
    require_somewhere(request.user, Action.CLOSE)
    sent = with_alternative(request.POST or request.GET)
    which = WhichRoomForm(sent, actor=request.user)
    if not (unit := which.chosen_unit()):
        return render(request, TEMPLATE, {"which": which}, status=422 if which.is_bound else 200)
    is_sent = "close" in request.POST
    form = BrokenRoomForm(sent, unit=unit, is_complete=is_sent)
    if not is_sent:
        return _show(request, form)
    return _close(request, form) if form.is_valid() else _show(request, form, status=422)


def _close(request, form):
    wanted = form.wanted()
    closing = closing_of(wanted["unit"], wanted["stay"])
    moves = form.moves(guests_to_move(wanted["unit"], closing.nights))
    try:
        closures = booking.close_and_move(**wanted, **moves, shown=form.sent.get("shown", ""), actor=request.user)
    except DomainError as refused:
        return _show(request, form, refused=refused, status=refused.status)
    closure = closures[0]
    moved = moved_because_of(closure)
    without_room = sum(line.event.takes_rooms_away for line in moved)
    words = wording.closed(*closures, moved=len(moved) - without_room, without_room=without_room)
    offer_undo(request, words, closure)
    if segment := presence.still_in(closure.unit, wanted["stay"]):
        messages.warning(request, f"{wording.not_left(segment)}. The room is closed, and they are still in it.")
    return redirect("reservations:closure", closure.pk)


def _show(request, form, *, refused=None, status=200):
    unit, stay = form.closed_unit, form.stay()
    closing = closing_of(unit, stay) if stay else Closing([], [])
    guests = guests_to_move(unit, closing.nights)
    context = {
        "form": form,
        "unit": unit,
        "place": wording.place(unit, unit.property),
        "stay": stay,
        "closing": closing,
        "placements": (placed := placements(guests, form.chosen_rooms())),
        "without_room": sum(each.is_without_room for each in placed),
        "full": [each for each in guests if not each.rooms and not each.is_stuck],
        "shown": booking.fingerprint(unit, closing.nights, [each.reservation for each in guests]) if stay else "",
        "stuck": [each.reservation for each in guests if each.is_stuck],
        "kept": kept_for_nobody(unit, closing.nights),
        "still_there": stay and presence.still_in(unit, stay),
        "soon": _soon(unit),
        "refused": refused,
        "closed_already": getattr(refused, "closure", None),
        "instead": alternatives_to_closing(refused, stay=stay),
    }
    return render_page_or_partial(request, TEMPLATE, context, partials=PARTIALS, status=status)


def _soon(unit):
    """[(label, value)] of the buttons that say when the room opens again."""
    today = unit.property.today()
    days = [(label, f"departure={today + dt.timedelta(days=days)}") for days, label in SOON.items()]
    return [*days, ("Further notice", "departure=")]
