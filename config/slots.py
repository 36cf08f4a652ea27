"""Slots: places on a page that apps above the page's own app fill, so that the page need not import them.

A template has a tag with the slot's name and the objects that the page shows, `{% slot "reservation" reservation %}`.
An app above registers a panel for it in its AppConfig's `ready`: a template, and a function that returns its context.
Panels of a slot are in the order of INSTALLED_APPS. `docs/architecture.md` lists all slots.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple


class Panel(NamedTuple):
    template: str
    # Called with the request and the objects of the tag. If it returns None, the panel is not shown.
    context: Callable[..., dict[str, Any] | None]


_panels: defaultdict[str, list[Panel]] = defaultdict(list)


def register(slot: str, template: str, context: Callable[..., dict[str, Any] | None]) -> None:
    """Show `template` on pages with the slot `slot`.

    The template has the values that `context` returns and those of the context processors, but not the context of the
    page.
    """
    _panels[slot].append(Panel(template, context))


def panels(slot: str) -> list[Panel]:
    return _panels.get(slot, [])
