"""What a browser shows of a page, and what it sends of a form: WebTest, less what no browser does.

WebTest sends disabled controls, takes what stands in a `<template>`, knows the `form` attribute only of forms with an
id, sends dates and numbers that a browser empties, leaves line ends as they are, and knows neither `formaction` nor
that a GET form replaces the query. Nobody can type into a hidden field here, nor press a button that is not to be seen.
"""

import datetime as dt
import re
from copy import copy
from urllib.parse import urlsplit, urlunsplit

from bs4 import BeautifulSoup
from django.test.signals import template_rendered
from django_webtest import DjangoTestApp, DjangoWebtestResponse
from webtest import forms

from tests.visible import Seen

CONTROLS = ("input", "select", "textarea", "button")


class Page(DjangoWebtestResponse):
    """A page as somebody at a browser without scripts has it."""

    def _parse_forms(self):
        self._forms_indexed = {}
        for number, node in enumerate(self.document.find_all("form")):
            self._forms_indexed[number] = form = BrowserForm(self, node)
            if form.id:
                self._forms_indexed[form.id] = form

    @property
    def document(self):
        """The document without what stands in a `<template>`: that is no part of it."""
        if "_document" not in self.__dict__:
            self._document = BeautifulSoup(self.testbody, self.parser_features)
            for template in self._document.find_all("template"):
                template.clear()
        return self._document

    @property
    def shown(self):
        """The words that are to be seen, with single spaces."""
        return self.seen.text

    @property
    def seen(self):
        if "_seen" not in self.__dict__:
            self._seen = Seen(self.document)
        return self._seen

    def form_with(self, words):
        """The form of the button that says `words`."""
        found = [form for number, form in self.forms.items() if isinstance(number, int) and form.button(words)]
        assert len(found) == 1, f"{len(found)} forms have a button “{words}”"
        return found[0]

    def press(self, words, typed=None):
        """Fill in by label what is `typed`, press the button that says `words`: the page it leads to."""
        return self.form_with(words).fill(typed or {}).press(words)


class Browser(DjangoTestApp):
    response_class = Page

    def sign_in(self, user):
        self.set_user(user)
        self.extra_environ["wsgi.url_scheme"] = "https"  # cookies are for https alone
        self.user = user
        return self

    def do_request(self, req, status, expect_errors):
        """The library leaves its receiver connected. A refusal in a page's context holds the frames it passed, and with
        them the receiver, so that each template of later pages was copied once more for each refusal before.
        """
        connected = template_rendered.receivers[:]
        try:
            return super().do_request(req, status, expect_errors)
        finally:
            template_rendered.receivers = connected


class BrowserForm(forms.Form):
    """A form of a Page. `node` is its element there."""

    def __init__(self, page, node):
        self.node, self.controls = node, [each for each in page.document.find_all(CONTROLS) if _owner(each) is node]
        attributes = {name: value for name, value in node.attrs.items() if name != "class"}
        shell = page.document.new_tag("form", attrs=attributes)
        shell.extend(_as_sent(each) for each in self.controls if _may_be_sent(each) and not is_disabled(each))
        super().__init__(page, str(shell), page.parser_features)

    def _parse_fields(self):
        own, self.id = self.id, None  # all of its controls stand in `text`
        super()._parse_fields()
        self.id = own

    @property
    def buttons(self):
        """That send the form, as elements."""
        return [each for each in self.controls if _sends(each) and not is_disabled(each)]

    def button(self, words):
        """The first that is to be seen and says so, or None."""
        found = [each for each in self.buttons if words in (_text(each), each.get("aria-label"), each.get("value"))]
        return next((each for each in found if self.response.seen.is_shown(each)), None)

    def fill(self, typed):
        """`typed`: label → text, an option's words, or True and False for a box. Returns the form."""
        for label, value in typed.items():
            self._fill(self._labelled(label), value)
        return self

    def by_script(self, name, value):
        """What a script writes into a hidden field."""
        self[name].force_value(value)
        return self

    def press(self, words):
        button = self.button(words)
        assert button, f"no button “{words}” can be pressed"
        return self.send(button)

    def press_enter(self):
        """As Enter in a field does: the first button is pressed, if there is one that can be."""
        first = next((each for each in self.controls if _sends(each)), None)
        assert first is None or not is_disabled(first), "Enter does nothing: the first button is disabled"
        return self.send(first)

    def send(self, button=None, headers=None):
        """Follows no redirect; answers with whatever status comes."""
        method = (button and button.get("formmethod")) or self.method
        action = (button and button.get("formaction")) or self.action
        args = {"headers": headers or {}, "expect_errors": True}
        args["extra_environ"] = {"HTTP_REFERER": str(self.response.request.url)}
        if method.upper() == "GET":
            action = urlunsplit(urlsplit(action or self.response.request.path)._replace(query=""))
        else:
            args["content_type"] = self.enctype
        return self.response.goto(action, method=method, params=self.sent(button), **args)

    def sent(self, button=None):
        """(name, value) as a browser sends them when `button`, an element, is pressed."""
        pressed = [(button["name"], button.get("value", ""))] if button and button.get("name") else []
        return self.submit_fields() + pressed

    def _labelled(self, label):
        """The one control that is labelled so and can be filled in."""
        found = [each for each in self.controls if label in _labels(each) and not is_disabled(each)]
        assert len(found) == 1, f"{len(found)} fields are labelled “{label}”"
        assert found[0].get("type") != "hidden", f"nobody can type into “{label}”: it is hidden"
        return found[0]

    def _fill(self, control, value):
        name, kind = control["name"], control.get("type")
        if control.name == "select":
            self._choose(control, value)
        elif kind == "radio":
            self[name] = control.get("value", "on")
        elif kind == "checkbox":
            [field] = [each for each in self.fields[name] if each.id == control.get("id")]
            field.checked = value
        else:
            self[name] = value

    def _choose(self, control, words):
        wanted = words if isinstance(words, list) else [words]
        keys = [_option(control, each) for each in wanted]
        self[control["name"]] = keys if isinstance(words, list) else keys[0]


def is_disabled(control):
    """By itself, or by a fieldset in whose legend it does not stand."""
    if control.has_attr("disabled"):
        return True
    for fieldset in control.find_parents("fieldset", disabled=True):
        legend = fieldset.find("legend", recursive=False)
        if legend is None or legend not in control.parents:
            return True
    return False


def _owner(control):
    """The form that sends it: the one it names, else the one around it."""
    if control.has_attr("form"):
        return control.find_parents()[-1].find("form", id=control["form"])
    return control.find_parent("form")


def _may_be_sent(control):
    return control.get("name") and control.get("type") not in ("reset", "button")


def _as_sent(control):
    control = copy(control)
    if control.has_attr("form"):
        del control["form"]
    if control.name == "input":
        _clear_unfit(control)
    elif control.name == "textarea":
        control.string = re.sub(r"\r\n|\r|\n", "\r\n", "\n" + control.get_text().removeprefix("\n"))
    elif control.name == "select":
        _drop_disabled_options(control)
    return control


def _clear_unfit(control):
    """A browser empties a typed field whose value is none of its type."""
    fits, value = FITTING.get(control.get("type")), control.get("value")
    if fits and value and not _does(fits, value):
        control["value"] = ""


def _drop_disabled_options(select):
    for option in select.find_all("option"):
        group = option.find_parent("optgroup")
        if option.has_attr("disabled") or (group is not None and group.has_attr("disabled")):
            assert not option.has_attr("selected"), "a disabled option is chosen: nothing would be sent"
            option.decompose()


def _sends(control):
    kind = control.get("type", "submit" if control.name == "button" else "text")
    return kind in ("submit", "image")


def _labels(control):
    """What it is called: by its labels, or by `aria-label`."""
    root = control.find_parents()[-1]
    found = root.find_all("label", attrs={"for": control["id"]}) if control.get("id") else []
    around = control.find_parent("label")
    return {_text(each) for each in [*found, *([around] if around else [])]} | {control.get("aria-label")}


def _option(select, words):
    options = [each for each in select.find_all("option") if words in (_text(each), each.get("label"))]
    assert len(options) == 1, f"{len(options)} options say “{words}”: {[_text(each) for each in select('option')]}"
    return options[0].get("value", _text(options[0]))


def _text(node):
    return " ".join(node.get_text(" ").split())


def _does(reads, value):
    try:
        reads(value)
    except ValueError:
        return False
    return True


# By type of input: what reads a fit value. (Python's readers take a little more than HTML's.)
FITTING = {
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "datetime-local": dt.datetime.fromisoformat,
    "number": float,
    "range": float,
}
