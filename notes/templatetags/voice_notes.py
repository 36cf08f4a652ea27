from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def voice_notes_panel(reservation):
    return SafeString('<section class="panel"><header><h2>Voice notes</h2></header></section>')
