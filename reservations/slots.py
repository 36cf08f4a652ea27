"""What reservations show on pages of the apps below."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from config import slots

# All that templates/reservations/downtime.html links, by today's hashed names.
FILES = ["icon.svg", "css/tokens.css", "css/print.css", "js/theme.js", "js/elements/print-button.js"]


def register() -> None:
    slots.register("page end", "reservations/offline_pack.html", offline_pack)


def offline_pack(request: HttpRequest) -> dict[str, Any] | None:
    """What tells the browser about the copy of the downtime pack that it may keep."""
    if not request.user.is_authenticated:
        return None
    return {"files": [static(file) for file in FILES] if settings.OFFLINE_PACK else []}
