"""Slots: places on a page that apps above the page's own app fill, without the page knowing them.

A template names a slot and what the page is about, `{% slot "reservation" reservation %}`. An app above registers a
panel for it in its AppConfig's `ready`: a template, and a function that returns what the template is drawn with. Panels
of a slot stand in the order of INSTALLED_APPS. The slots that there are stand in `docs/architecture.md`.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple


class Panel(NamedTuple):
    template: str
    # Called with the request and what the page's tag names. None: nothing is shown this time.
    context: Callable[..., dict[str, Any] | None]


_panels: defaultdict[str, list[Panel]] = defaultdict(list)


def register(slot: str, template: str, context: Callable[..., dict[str, Any] | None]) -> None:
    """Show `template` wherever a page names `slot`.

    The template knows what `context` returns, `request` and `user`, and nothing of the page around it.
    """
    _panels[slot].append(Panel(template, context))


def panels(slot: str) -> list[Panel]:
    return _panels.get(slot, [])
