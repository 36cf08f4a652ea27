from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from config.htmx import render_page_or_partial
from properties import inventory, room_names
from properties.forms import AddRoomsForm, RoomForm
from properties.models import Property, Unit
from properties.views.form_handling import FORM_PARTIALS, attempt, focus_on, posted


@require_POST
def add_rooms(request, pk):
    hotel = get_object_or_404(Property, pk=pk)
    form = AddRoomsForm(request.POST, property=hotel)
    added, status = attempt(form, lambda rooms, **facts: inventory.add_rooms(hotel=hotel, names=rooms, **facts))
    if not added:
        return detail_page(request, hotel, form, status=status)
    messages.success(request, f"Added {room_names.in_words([room.name for room in added])}.")
    if not request.htmx:
        return redirect("properties:detail", pk)
    next_form = AddRoomsForm(property=hotel)
    focus_on(next_form, "rooms")
    return detail_page(request, hotel, next_form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_room(request, pk):
    room = get_object_or_404(Unit.objects.rooms().select_related("property"), pk=pk)
    form = RoomForm.of(room, posted(request))
    changed, status = attempt(form, partial(inventory.change_room, unit=room))
    if changed:
        renamed = changed.name != room.name
        messages.success(request, f"The room is called {changed} now." if renamed else f"Room {changed} is saved.")
        return redirect("properties:detail", room.property_id)
    context = {"form": form, "room": room}
    return render_page_or_partial(request, "properties/room.html", context, partials=FORM_PARTIALS, status=status)


def detail_page(request, found, form=None, *, status=200):
    units = list(found.units.all())
    rooms = [unit for unit in units if not unit.archived_at]
    types = list(found.room_types.all())
    context = {
        "property": found,
        "rooms": rooms,
        "rooms_by_type": _by_type(rooms, types),
        "archived_rooms": [unit for unit in units if unit.archived_at],
        "form": form or AddRoomsForm(property=found),
    }
    return render_page_or_partial(
        request, "properties/detail.html", context, partials={"rooms": "rooms"}, status=status
    )


def _by_type(rooms, types):
    """Pairs of a room type and its rooms, in the types' order; those without one come last, under None."""
    return [(each, [room for room in rooms if room.room_type_id == (each and each.pk)]) for each in [*types, None]]
