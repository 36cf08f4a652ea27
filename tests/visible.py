"""What of a page is to be seen: by HTML's own rules, by Bootstrap's, and by those of static/css that hide for good."""

import re
from functools import cache
from pathlib import Path

from soupsieve import SelectorSyntaxError, compile

CSS = Path(__file__).resolve().parent.parent / "static" / "css"

BY_HTML_AND_BOOTSTRAP = (
    "head, script, style, template, datalist, [hidden], input[type=hidden], [popover], dialog:not([open])",
    "details:not([open]) > :not(summary:first-of-type)",
    "[style*='display: none'], [style*='display:none']",
    ".d-none, .visually-hidden, .collapse:not(.show)",
    ".invalid-feedback:not(.is-invalid ~ .invalid-feedback)",
)


class Seen:
    """Of a parsed document: which elements are hidden, each with all that is in it."""

    def __init__(self, document):
        self.document = document
        self.hidden = {id(element) for selector in hiding() for element in selector.select(document)}

    def is_shown(self, node):
        return not any(id(each) in self.hidden for each in [node, *node.parents])

    @property
    def text(self):
        """The words, with single spaces."""
        return " ".join(" ".join(words for words in self.document.strings if self.is_shown(words)).split())


@cache
def hiding():
    """Selectors of what is `display: none` at any width, on the screen."""
    own = [selector for sheet in sorted(CSS.glob("*.css")) for selector in _hiding_in(sheet.read_text())]
    return [compiled for selector in [*BY_HTML_AND_BOOTSTRAP, *own] if (compiled := _compiled(selector))]


def _hiding_in(css):
    """Rules stand in layers here, and never in each other."""
    around = []
    for head, end, body in re.findall(r"([^{};]*)(?:(\{)|(\})|;)", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if end:
            around.append(head.strip())
        elif re.fullmatch(r"\s*display:\s*none\s*", head) and not any(each.startswith("@media") for each in around):
            yield around[-1]
        if body:
            around.pop()


def _compiled(selector):
    try:
        return compile(selector)
    except (SelectorSyntaxError, NotImplementedError):
        return None  # of what only a script makes, such as :popover-open, and ornaments such as ::marker
