from django import template
from django.template.context import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from config import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, *subjects: object) -> SafeString:
    """The panels of apps above in the slot `name`, for the objects `subjects`; see `config.slots`."""
    return format_html_join("", "{}", ((_render(context, panel, subjects),) for panel in slots.panels(name)))


def _render(context: Context, panel: slots.Panel, subjects: tuple[object, ...]) -> str:
    request = context["request"]
    values = panel.context(request, *subjects)
    if values is None:
        return ""
    shown = context.new({"request": request, "user": request.user} | values)
    if token := context.get("csrf_token"):
        shown["csrf_token"] = token
    page = context.template
    assert page is not None  # noqa: S101  it is being rendered
    return page.engine.get_template(panel.template).render(shown)
