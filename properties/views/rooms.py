from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Action, get_visible_or_404
from config.htmx import render_page_or_partial
from properties import inventory, room_names
from properties.forms import AddRoomsForm, RoomForm
from properties.models import Property, Unit
from properties.views.form_handling import FORM_PARTIALS, attempt, focus_on, posted
from properties.views.responses import detail_page


@require_POST
def add_rooms(request, pk):
    hotel = get_visible_or_404(request.user, Property, Action.ARRANGE, pk=pk)
    form = AddRoomsForm(request.POST, property=hotel)
    add = partial(inventory.add_rooms, hotel=hotel, actor=request.user)
    added, status = attempt(form, lambda rooms, **facts: add(names=rooms, **facts))
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
    room = get_visible_or_404(request.user, Unit.objects.rooms().select_related("property"), Action.ARRANGE, pk=pk)
    form = RoomForm.of(room, posted(request))
    changed, status = attempt(form, partial(inventory.change_room, unit=room, actor=request.user))
    if changed:
        renamed = changed.name != room.name
        messages.success(request, f"The room is called {changed} now." if renamed else f"Room {changed} is saved.")
        return redirect("properties:detail", room.property_id)
    context = {"form": form, "room": room}
    return render_page_or_partial(request, "properties/room.html", context, partials=FORM_PARTIALS, status=status)
