"""The page of a property, which two views return."""

from config.htmx import render_page_or_partial
from properties.forms import AddRoomsForm


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
