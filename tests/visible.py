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
    ".invalid-feedback:not(.d-block, .is-invalid ~ .invalid-feedback)",
)


class Seen:
    """Of a parsed document: what of it is shown, and what is hidden with all that is in it."""

    def __init__(self, document):
        self.document = document
        self._shown = {id(document): True}

    def is_shown(self, node):
        if id(node) not in self._shown:
            self._shown[id(node)] = self.is_shown(node.parent) and not self._hides(node)
        return self._shown[id(node)]

    @property
    def text(self):
        """The words, with single spaces."""
        return " ".join(" ".join(words for words in self.document.strings if self.is_shown(words.parent)).split())

    def _hides(self, element):
        return hiding().match(element)

    def shows(self, words):
        """Whether some text has the words, and is to be seen."""
        words = " ".join(words.split())
        return any(words in " ".join(text.split()) and self.is_shown(text.parent) for text in self.document.strings)


@cache
def hiding():
    """The selector of what is `display: none` at any width, on the screen."""
    own = [selector for sheet in sorted(CSS.glob("*.css")) for selector in _hiding_in(sheet.read_text())]
    return compile(", ".join(selector for selector in [*BY_HTML_AND_BOOTSTRAP, *own] if _is_known(selector)))


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


def _is_known(selector):
    """Not what a script makes, such as :popover-open, nor an ornament, such as ::marker."""
    try:
        return compile(selector)
    except (SelectorSyntaxError, NotImplementedError):
        return None
