"""The JavaScript modules of a page: the import map, preload links and the script that imports the entry."""

import functools
import json
import re

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from config import javascript
from config.static_files import JoinedStaticFilesStorage

register = template.Library()

# The start tag of a custom element.
ELEMENT = re.compile(r"<([a-z]+(?:-[a-z]+)+)[\s>]")


@register.simple_tag(takes_context=True)
def modules(context: Context, entry: str) -> SafeString:
    """The HTML that runs the module `entry`, such as `elements/api-reader`. Once in a page, before all other modules.

    The import map has the addresses of all modules by their names, with the hashes of collected files; for the modules
    that every page needs it is that of the file in which they are joined. Preload links let the browser load all
    modules that the entry needs at once, and not only when it finds their imports.
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
    addresses = {name: static(f"js/{_file_of(name)}.js") for name in javascript.names()}
    import_map = mark_safe(json.dumps({"imports": addresses}).replace("<", "\\u003c"))  # noqa: S308  JSON
    needed = dict.fromkeys(addresses[name] for name in javascript.needed_by(*entries))
    links = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((address,) for address in needed))
    imported = ((name,) for name in entries if _file_of(name) == name)
    return import_map, links, format_html_join(" ", 'import "{}";', imported)


def _file_of(name: str) -> str:
    """The name of the module in whose file a module is, which runs with it: collected files are joined."""
    is_collected = isinstance(staticfiles_storage, JoinedStaticFilesStorage) and not settings.DEBUG
    return javascript.MAIN if is_collected and name in _of_every_page() else name


@functools.cache
def _of_every_page() -> frozenset[str]:
    return frozenset(javascript.needed_by(javascript.MAIN))
