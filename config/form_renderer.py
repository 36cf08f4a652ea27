"""The HTML of form fields without templates: a select has a template for each of its options, and pages have many.

`FORM_RENDERER` names it. The HTML is that of Django's templates but for empty lines and `translate`. Templates draw all
other widgets.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FOLDER = "django/forms/widgets"
INPUTS = ("checkbox", "date", "email", "hidden", "number", "password", "text", "time")
Widget = Mapping[str, Any]  # what templates have as `widget`


class Renderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if draw := DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)


def _attributes(widget: Widget) -> SafeString:
    return format_html_join("", "{}", ((_attribute(*each),) for each in widget["attrs"].items()))


def _attribute(name: str, value: Any) -> SafeString | str:
    if value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget))


def _textarea(widget: Widget) -> SafeString:
    text = widget["value"] or ""
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), text)


def _select(widget: Widget) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), groups)


def _group(name: str | None, options: list[Widget]) -> SafeString:
    drawn = ((option["value"], _attributes(option), _translate(option), option["label"]) for option in options)
    inside = format_html_join("", '\n  <option value="{}"{}{}>{}</option>', drawn)
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, inside) if name else inside


def _translate(option: Widget) -> SafeString | str:
    """A row's name is none of the page's words: `instance` is what a ModelChoiceField has chosen from."""
    return SafeString(' translate="no"') if getattr(option["value"], "instance", None) else ""


DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    f"{FOLDER}/select.html": _select,
    f"{FOLDER}/textarea.html": _textarea,
    **{f"{FOLDER}/{kind}.html": _input for kind in INPUTS},
}
