from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from properties.models import Property, Unit
from reservations.booking import archiving
from reservations.booking.archiving import HasFutureReservations


@require_POST
def archive_property(request, pk):
    found = get_object_or_404(Property, pk=pk)
    try:
        archiving.archive_property(property=found, actor=request.user)
    except HasFutureReservations as refused:
        return _still_in_use(request, refused, property=found)
    undo = reverse("reservations:unarchive_property", args=[pk])
    messages.success(request, f"{found} is archived and takes no more bookings.", extra_tags=undo)
    return redirect("properties:detail", pk)


@require_POST
def unarchive_property(request, pk):
    found = archiving.unarchive_property(property=get_object_or_404(Property, pk=pk))
    messages.success(request, f"{found} takes bookings again.")
    return redirect("properties:detail", pk)


@require_POST
def archive_room(request, pk):
    room = _room(pk)
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
    room = archiving.unarchive_room(unit=_room(pk))
    messages.success(request, f"Room {room} takes bookings again.")
    return redirect("properties:detail", room.property_id)


def _room(pk):
    return get_object_or_404(Unit.objects.select_related("property"), pk=pk)


def _still_in_use(request, refused, *, property):
    context = {"refused": refused, "property": property}
    return render(request, "reservations/archive_refused.html", context, status=refused.status)
