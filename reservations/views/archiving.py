from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import Action, get_visible_or_404
from properties.models import Property, Unit
from reservations.booking import archiving
from reservations.booking.archiving import HasFutureReservations


@require_POST
def archive_property(request, pk):
    found = get_visible_or_404(request.user, Property, Action.ARRANGE, pk=pk)
    try:
        archiving.archive_property(property=found, actor=request.user)
    except HasFutureReservations as refused:
        return _still_in_use(request, refused, property=found)
    undo = reverse("reservations:unarchive_property", args=[pk])
    messages.success(request, f"{found} is archived and takes no more bookings.", extra_tags=undo)
    return redirect("properties:detail", pk)


@require_POST
def unarchive_property(request, pk):
    found = get_visible_or_404(request.user, Property, Action.ARRANGE, pk=pk)
    found = archiving.unarchive_property(property=found, actor=request.user)
    messages.success(request, f"{found} takes bookings again.")
    return redirect("properties:detail", pk)


@require_POST
def archive_room(request, pk):
    room = _room(request, pk)
    try:
        archiving.archive_room(unit=room, actor=request.user)
    except HasFutureReservations as refused:
        return _still_in_use(request, refused, property=room.property)
    undo = reverse("reservations:unarchive_room", args=[pk])
    messages.success(request, f"Room {room} is archived and takes no more bookings.", extra_tags=undo)
    if not room.property.units.active().exists():
        messages.warning(request, f"{room.property} has no room left that takes bookings.")
    return redirect("properties:detail", room.property_id)


@require_POST
def unarchive_room(request, pk):
    room = archiving.unarchive_room(unit=_room(request, pk), actor=request.user)
    messages.success(request, f"Room {room} takes bookings again.")
    return redirect("properties:detail", room.property_id)


def _room(request, pk):
    return get_visible_or_404(request.user, Unit.objects.select_related("property"), Action.ARRANGE, pk=pk)


def _still_in_use(request, refused, *, property):
    context = {"refused": refused, "property": property}
    return render(request, "reservations/archive_refused.html", context, status=refused.status)
