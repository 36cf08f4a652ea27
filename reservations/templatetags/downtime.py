"""What a page tells the browser about the copy of the downtime pack it may keep."""

from django import template
from django.conf import settings
from django.templatetags.static import static

register = template.Library()

# All that templates/reservations/downtime.html links, by today's hashed names.
FILES = ["icon.svg", "css/tokens.css", "css/print.css", "js/theme.js", "js/elements/print-button.js"]


@register.inclusion_tag("reservations/offline_pack.html")
def offline_pack():
    return {"files": [static(file) for file in FILES] if settings.OFFLINE_PACK else []}
