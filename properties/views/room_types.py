from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Action, get_visible_or_404
from config.htmx import render_page_or_partial
from properties import room_types
from properties.forms import RoomTypeForm
from properties.models import Property, RoomType
from properties.views.form_handling import FORM_PARTIALS, attempt, posted, refuse_archived


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    hotels = Property.objects.filter(kind=Property.Kind.HOTEL)
    hotel = get_visible_or_404(request.user, hotels, Action.ARRANGE, pk=pk)
    refuse_archived(request, hotel)
    form = RoomTypeForm(posted(request), property=hotel)
    added, status = attempt(form, partial(room_types.add_room_type, hotel=hotel, actor=request.user))
    if added:
        messages.success(request, f"{added} is a room type now.")
        return redirect("properties:detail", pk)
    return _form_page(request, hotel, form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    found = _room_type(request, pk)
    refuse_archived(request, found.property)
    form = RoomTypeForm.of(found, posted(request))
    changed, status = attempt(form, partial(room_types.change_room_type, room_type=found, actor=request.user))
    if changed:
        messages.success(request, f"{changed} is saved. Stays that are booked keep their price.")
        return redirect("properties:detail", found.property_id)
    return _form_page(request, found.property, form, room_type=found, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk):
    found = _room_type(request, pk)
    if request.method == "POST":
        room_types.remove_room_type(room_type=found, actor=request.user)
        messages.success(request, f"The room type {found} is removed.")
        return redirect("properties:detail", found.property_id)
    return render(request, "properties/remove_room_type.html", {"room_type": found, "property": found.property})


def _room_type(request, pk):
    return get_visible_or_404(request.user, RoomType.objects.select_related("property"), Action.ARRANGE, pk=pk)


def _form_page(request, hotel, form, *, room_type=None, status):
    context = {"property": hotel, "form": form, "room_type": room_type}
    return render_page_or_partial(request, "properties/room_type.html", context, partials=FORM_PARTIALS, status=status)
