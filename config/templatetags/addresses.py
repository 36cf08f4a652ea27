"""The tag `url`, with each address made once in a process: Django searches its patterns anew for every link."""

import functools
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape

register = template.Library()

# More than the pages without arguments, and the stays, notes and properties that people look at in a day; about 2 MB.
MOST = 4096


@register.tag
def url(parser: Parser, token: Token) -> defaulttags.URLNode:
    """Django's tag, with the same arguments."""
    node = defaulttags.url(parser, token)
    return KeptURLNode(node.view_name, node.args, node.kwargs, node.asvar)


class KeptURLNode(defaulttags.URLNode):
    def render(self, context: Context) -> str:
        if self.asvar or not context.autoescape:
            return super().render(context)
        args = [arg.resolve(context) for arg in self.args]
        kwargs = {name: value.resolve(context) for name, value in self.kwargs.items()}
        where = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), _app(getattr(context, "request", None))
        return _address(self.view_name.resolve(context), where, *args, **kwargs)


def _app(request: HttpRequest | None) -> str | None:
    """The name of the app in which a page looks for names first, as Django's tag chooses it."""
    match = getattr(request, "resolver_match", None)
    return getattr(request, "current_app", match and match.namespace)


@functools.lru_cache(MOST, typed=True)
def _address(view_name: str, where: tuple[str, str, str | None], /, *args: Any, **kwargs: Any) -> str:
    """The address, escaped for HTML. `where` is (module of the root URLs, prefix of the site, name of the app)."""
    return conditional_escape(reverse(view_name, where[0], args, kwargs, current_app=where[2]))
