"""The JavaScript modules of a page: import map, preload links and the entry that runs."""

import functools
import json
import re
from pathlib import Path

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FOLDER = settings.STATICFILES_DIRS[0] / "js"
# `import "name"`, `import … from "name"`, `export … from "name"`: what a module needs before it runs.
IMPORT = re.compile(r"""^(?:import|export)\s(?:[^"';]*\sfrom\s)?\s*"([^"]+)";""", re.MULTILINE)


@register.simple_tag(takes_context=True)
def modules(context: Context, entry: str) -> SafeString:
    """Run the module `entry`, such as `main`: once in a page, before all other modules.

    Names are the paths of the files under `static/js` without `.js`. The import map gives each its address, because
    nobody writes the hashed names of collected files into JavaScript. All that the entry needs is loaded at once, and
    not file by file as the browser comes upon the imports.
    """
    build = _page_head if not settings.DEBUG else _page_head.__wrapped__
    import_map, links = build(entry, settings.STORAGES["staticfiles"]["BACKEND"])
    nonce = context["CSP_NONCE"]
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>\n{}\n<script type="module" nonce="{}">import "{}";</script>',
        *(nonce, import_map, links, nonce, entry),
    )


@functools.cache
def _page_head(entry: str, storage: str) -> tuple[SafeString, SafeString]:
    """(JSON of the import map, preload links), as the static files' storage of that name has their addresses."""
    addresses = {name: static(f"js/{name}.js") for name in sorted(map(_name, FOLDER.rglob("*.js")))}
    import_map = mark_safe(json.dumps({"imports": addresses}).replace("<", "\\u003c"))  # noqa: S308  JSON
    needed = ((addresses[name],) for name in needed_by(entry))
    return import_map, format_html_join("\n", '<link rel="modulepreload" href="{}">', needed)


def needed_by(entry: str) -> list[str]:
    """The names of a module and of all that it imports, directly or not, each once."""
    names = [entry]
    for name in names:  # which grows meanwhile
        source = (FOLDER / f"{name}.js").read_text()
        names += [imported for imported in dict.fromkeys(IMPORT.findall(source)) if imported not in names]
    return names


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()
