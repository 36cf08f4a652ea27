"""The JavaScript modules of a page: the import map, preload links and the script that imports the entry."""

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
# Static imports: `import "name"`, `import … from "name"`, `export … from "name"`.
IMPORT = re.compile(r"""^(?:import|export)\s(?:[^"';]*\sfrom\s)?\s*"([^"]+)";""", re.MULTILINE)


@register.simple_tag(takes_context=True)
def modules(context: Context, entry: str) -> SafeString:
    """The HTML that runs the module `entry`, such as `main`. One time in a page, before all other modules.

    The names of modules are their paths under `static/js` without `.js`. The import map has their addresses, with the
    hashes of collected files. Preload links let the browser load all modules that the entry needs at once, and not only
    when it finds their imports.
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
    """(JSON of the import map, preload links), with addresses by the static files' storage of that name."""
    addresses = {name: static(f"js/{name}.js") for name in sorted(map(_name, FOLDER.rglob("*.js")))}
    import_map = mark_safe(json.dumps({"imports": addresses}).replace("<", "\\u003c"))  # noqa: S308  JSON
    needed = ((addresses[name],) for name in needed_by(entry))
    return import_map, format_html_join("\n", '<link rel="modulepreload" href="{}">', needed)


def needed_by(entry: str) -> list[str]:
    """The names of a module and of all modules that it imports, directly or indirectly, each one time."""
    names = [entry]
    for name in names:  # which grows in the loop
        source = (FOLDER / f"{name}.js").read_text()
        names += [imported for imported in dict.fromkeys(IMPORT.findall(source)) if imported not in names]
    return names


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()
