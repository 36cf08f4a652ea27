from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from reservations.badges import Badges

register = template.Library()


@register.simple_tag
def badges_beside(badges: Badges, reservation_id: int) -> SafeString:
    """The labels of a reservation's badges. `badges` is what the view got from `badges_of`."""
    labels = ((badge.label,) for badge in badges.get(reservation_id, ()))
    return format_html_join(" ", '<span class="unread">{}</span>', labels)
