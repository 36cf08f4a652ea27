from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from config import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, *subjects: object) -> SafeString:
    """The panels of apps above in the slot `name`, for the objects `subjects`; see `config.slots`."""
    request = context["request"]
    return format_html_join("", "{}", ((_render(request, panel, subjects),) for panel in slots.panels(name)))


def _render(request: HttpRequest, panel: slots.Panel, subjects: tuple[object, ...]) -> str:
    values = panel.context(request, *subjects)
    return "" if values is None else render_to_string(panel.template, values, request)
