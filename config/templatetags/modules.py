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
# The start tag of a custom element.
ELEMENT = re.compile(r"<([a-z]+(?:-[a-z]+)+)[\s>]")


@register.simple_tag(takes_context=True)
def modules(context: Context, entry: str) -> SafeString:
    """The HTML that runs the module `entry`, such as `elements/api-reader`. Once in a page, before all other modules.

    The names of modules are their paths under `static/js` without `.js`. The import map has their addresses, with the
    hashes of collected files. Preload links let the browser load all modules that the entry needs at once, and not only
    when it finds their imports.
    """
    return _head((entry,), context["CSP_NONCE"])


@register.simple_block_tag(takes_context=True, end_name="endpage_modules")
def page_modules(context: Context, content: SafeString, entry: str) -> SafeString:
    """Run the module `entry` and those of the custom elements in the block, and show the block after them.

    So a page loads no module of an element that it does not have. `lib/elements` loads those of elements that come
    later.
    """
    return format_html("{}{}", _head((entry, *elements_in(content)), context["CSP_NONCE"]), content)


def elements_in(content: str) -> list[str]:
    """The names of the modules of the custom elements in some HTML, each once, in the order of the alphabet.

    Elements in a `<template>` are left out, because the page may never show them.
    """
    shown = "".join(part.rpartition("</template>")[2] for part in content.split("<template"))
    tags = set(ELEMENT.findall(shown))
    return sorted(f"elements/{tag}" for tag in tags)


def _head(entries: tuple[str, ...], nonce: str) -> SafeString:
    build = _page_head if not settings.DEBUG else _page_head.__wrapped__
    import_map, links, imports = build(entries, settings.STORAGES["staticfiles"]["BACKEND"])
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>\n{}\n<script type="module" nonce="{}">{}</script>',
        *(nonce, import_map, links, nonce, imports),
    )


@functools.cache
def _page_head(entries: tuple[str, ...], storage: str) -> tuple[SafeString, SafeString, SafeString]:
    """(JSON of the import map, preload links, import statements), with addresses by the storage of that name."""
    addresses = {name: static(f"js/{name}.js") for name in sorted(map(_name, FOLDER.rglob("*.js")))}
    import_map = mark_safe(json.dumps({"imports": addresses}).replace("<", "\\u003c"))  # noqa: S308  JSON
    needed = ((addresses[name],) for name in needed_by(*entries))
    links = format_html_join("\n", '<link rel="modulepreload" href="{}">', needed)
    return import_map, links, format_html_join(" ", 'import "{}";', ((entry,) for entry in entries))


def needed_by(*entries: str) -> list[str]:
    """The names of some modules and of all modules that they import, directly or indirectly, each one time."""
    names = list(entries)
    for name in names:  # which grows in the loop
        source = (FOLDER / f"{name}.js").read_text()
        names += [imported for imported in dict.fromkeys(IMPORT.findall(source)) if imported not in names]
    return names


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()
