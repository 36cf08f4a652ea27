"""What this app shows in slots on pages of other apps, see `config.slots`."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from accounts.models import User
from config import slots
from properties.models import Property
from reservations import setting_up
from reservations.overview.today import closed_tonight

# The static files that templates/reservations/downtime.html links.
FILES = ["icon.svg", "css/tokens.css", "css/print.css", "js/theme.js", "js/elements/print-button.js"]


def register() -> None:
    slots.register("page end", "reservations/offline_pack.html", offline_pack)
    slots.register("property closed", "reservations/closed_rooms.html", closed_rooms)
    slots.register("property setup", "reservations/setting_up.html", setting_up_panel)


def setting_up_panel(request: HttpRequest, property: Property) -> dict[str, Any] | None:
    """The context of the list of steps on a property's page; None once the property is in use."""
    steps = setting_up.steps(property, cast("User", request.user))
    return {"steps": steps, "next": next((step for step in steps if not step.is_done), None)} if steps else None


def closed_rooms(request: HttpRequest, property: Property) -> dict[str, Any] | None:
    """The context of the line that names the rooms of the property that are closed tonight; None if all are open."""
    closures = closed_tonight(property)
    return {"closures": closures} if closures else None


def offline_pack(request: HttpRequest) -> dict[str, Any] | None:
    """The context of the element that lets the browser keep a copy of the downtime pack; None when nobody is signed in.

    Without OFFLINE_PACK there are no files, and the element removes a copy that was kept before.
    """
    if not request.user.is_authenticated:
        return None
    return {"files": [static(file) for file in FILES] if settings.OFFLINE_PACK else []}
