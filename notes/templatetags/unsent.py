"""What a page needs to offer recordings that its browser keeps, and to ask before a sign-out leaves them there."""

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("notes/unsent.html", takes_context=True)
def unsent_recordings(context):
    """For who is signed in the offers and the question; on the sign-in page only how long recordings may be kept."""
    return {"user": context.get("user"), "hours": settings.BROWSER_KEEPS_AUDIO_HOURS}
