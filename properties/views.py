from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.errors import DomainError
from config.htmx import render_page_or_partial
from properties import inventory, room_names
from properties.forms import AddRoomsForm, NewPropertyForm, PropertyForm, RoomForm, SearchForm
from properties.models import Property, Unit

PER_PAGE = 100
FORM_PARTIALS = {"property-form": "form", "room-form": "form"}


@require_safe
def property_list(request):
    form = SearchForm(request.GET)
    found = Property.objects.shown(**form.cleaned_data) if form.is_valid() else Property.objects.none()
    page = Paginator(found.with_room_count(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_searching": any(form.cleaned_data.values()) or not form.is_valid()}
    return render_page_or_partial(request, "properties/list.html", context, partials={"property-list": "list"})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    form = NewPropertyForm(_posted(request), initial=inventory.customs() | {"kind": request.GET.get("kind")})
    made, status = _attempt(form, inventory.create_property)
    if made:
        messages.success(request, f"{made} is ready to be booked.")
        return redirect("properties:detail", made.pk)
    return render_page_or_partial(request, "properties/new.html", {"form": form}, partials=FORM_PARTIALS, status=status)


@require_safe
def detail(request, pk):
    found = get_object_or_404(Property.objects.select_related("archived_by"), pk=pk)
    return _detail_page(request, found, AddRoomsForm())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    found = get_object_or_404(Property, pk=pk)
    form = PropertyForm.of(found, _posted(request))
    changed, status = _attempt(form, partial(inventory.update_property, property=found))
    if changed:
        messages.success(request, f"{changed} is saved.")
        return redirect("properties:detail", pk)
    context = {"form": form, "property": found}
    return render_page_or_partial(request, "properties/edit.html", context, partials=FORM_PARTIALS, status=status)


@require_POST
def add_rooms(request, pk):
    hotel = get_object_or_404(Property, pk=pk)
    form = AddRoomsForm(request.POST)
    added, status = _attempt(form, lambda rooms: inventory.add_rooms(hotel=hotel, names=rooms))
    if not added:
        return _detail_page(request, hotel, form, status=status)
    messages.success(request, f"Added {room_names.in_words([room.name for room in added])}.")
    if not request.htmx:
        return redirect("properties:detail", pk)
    next_form = AddRoomsForm()
    _focus_on(next_form, "rooms")
    return _detail_page(request, hotel, next_form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_room(request, pk):
    room = get_object_or_404(Unit.objects.rooms().select_related("property"), pk=pk)
    form = RoomForm(_posted(request), initial={"name": room.name})
    renamed, status = _attempt(form, partial(inventory.change_room, unit=room))
    if renamed:
        messages.success(request, f"The room is called {renamed} now.")
        return redirect("properties:detail", room.property_id)
    context = {"form": form, "room": room}
    return render_page_or_partial(request, "properties/room.html", context, partials=FORM_PARTIALS, status=status)


def _posted(request):
    return request.POST if request.method == "POST" else None


def _attempt(form, verb):
    """What `verb` made of the form's data, and the status of the answer: None when the form now says why not."""
    if not form.is_bound:
        return None, 200
    status = 422
    if form.is_valid():
        try:
            return verb(**form.cleaned_data), 200
        except DomainError as refused:
            form.add_error(getattr(refused, "field", None), refused.message)
            status = refused.status
    if wrong := [name for name in form.fields if name in form.errors]:
        _focus_on(form, wrong[0])
    return None, status


def _focus_on(form, name):
    form.fields[name].widget.attrs["autofocus"] = True


def _detail_page(request, found, form, *, status=200):
    units = list(found.units.all())
    context = {
        "property": found,
        "rooms": [unit for unit in units if not unit.archived_at],
        "archived_rooms": [unit for unit in units if unit.archived_at],
        "form": form,
    }
    return render_page_or_partial(
        request, "properties/detail.html", context, partials={"rooms": "rooms"}, status=status
    )
