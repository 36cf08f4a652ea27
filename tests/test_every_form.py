"""Each form of each page is sent as a browser sends it: as it was rendered, and full of nonsense.

It is taken, or words that are to be seen say why not. What has all that it requires is taken.
"""

import copy
import re
import shutil
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.forms import BaseForm
from django.test import override_settings
from django.urls import resolve, reverse

from tests.browser_forms import BrowserForm
from tests.every_page import World, routes
from tests.factories import make_user
from tests.files import files_in

pytestmark = pytest.mark.django_db

AS_IT_IS = "as it is"
# Addresses that answer with no page, and why; verbs, which take POST alone, need not be named.
NO_PAGES = {
    "accounts:login": "who is signed in is sent on",
    "notes:audio": "a file; the sound of a typed note is not found, in words",
    "reservations:calendar_prices": "prices for the tape chart",
    "reservations:calendar_changes": "fragments for the tape chart; who asks for none is told so",
}
# Forms that have all they require and are refused all the same, and why that is right: (route, button).
REFUSED = {
    ("reservations:broken", "Move all and close"): "somebody is in the house and no room is free",
    ("properties:detail", "Archive"): "stays are to come",
    ("properties:edit_room", "Archive room"): "stays are to come",
    ("properties:remove_room_type", "Remove room type"): "rooms are of it",
    ("reservations:new_group", "Reserve all"): "no room is chosen",
    ("reservations:new_group", "Hold all"): "no room is chosen",
    ("reservations:new", "Reserve"): "no room",
    ("reservations:new", "Hold"): "no room",
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once, in a transaction around those of the tests. Its files are in `world.folder`."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**files_in(folder)):
            world = World(make_user("manager", role="manager", is_superuser=True))
        world.folder = folder
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def pages(django_app, world, settings):
    if (media := world.folder / "media").exists():
        shutil.copytree(media, settings.MEDIA_ROOT)
    django_app.world = world
    return django_app.sign_in(world.manager)


EACH_ROUTE = pytest.mark.parametrize(
    ("name", "arguments"), routes(), ids=lambda each: each if isinstance(each, str) else ""
)


@EACH_ROUTE
def test_each_form_is_answered(pages, name, arguments):
    """Sent by each of its buttons, as it was rendered; and with its hidden fields spoilt, as on a page out of date."""
    seen = set()
    for form in forms_to_send(pages, name, arguments):
        is_new = shape_of(form) not in seen
        seen.add(shape_of(form))
        for button in buttons_of(form):
            check(pages, form, button, AS_IT_IS, both_ways=is_new)
        if is_new and form.method.lower() == "post" and hidden_in(form) and (form.buttons or typed_into(form)):
            check(pages, spoilt(form), next(iter(form.buttons), None), "hidden fields spoilt")


@pytest.mark.full
@EACH_ROUTE
def test_nonsense_in_each_form_is_answered(pages, name, arguments):
    seen = set()
    for form in forms_to_send(pages, name, arguments):
        if (shape := shape_of(form)) not in seen:
            seen.add(shape)
            for variant, filled in nonsense(form):
                check(pages, filled, next(iter(form.buttons), None), variant)


def forms_to_send(pages, name, arguments):
    """The forms of the route's pages, one of each shape on each sort of page."""
    addresses = list(addresses_of(pages.world, name, arguments))
    assert addresses, f"nobody has said what {name} may be about: see every_page.ABOUT"
    answers = [(sort, pages.get(address, expect_errors=True)) for sort, address in addresses]
    shown = [(sort, answer) for sort, answer in answers if is_page(answer) and answer.status_int == 200]
    assert shown or name in NO_PAGES or not any(is_page(answer) for _, answer in answers), f"no page of {name} was seen"

    sent = set()
    for sort, page in shown:
        for form in forms_of(page, name):
            if (shape_of(form), sort) not in sent:
                sent.add((shape_of(form), sort))
                yield form


def addresses_of(world, name, arguments):
    for keys in world.keys(name, arguments):
        for query in world.queries(name):
            yield world.sort_of(keys, query), reverse(name, kwargs=keys) + query


def is_page(answer):
    """No verb, file or fragment for a script."""
    return answer.status_int != 405 and answer.content_type == "text/html" and b"<html" in answer.body


def forms_of(page, name):
    """Those of the page itself; the frame around it is looked at once."""
    for number, form in page.forms.items():
        is_framed = form.node.find_parent("main") is None
        if isinstance(number, int) and form.method != "dialog" and (not is_framed or name == "reservations:today"):
            yield form


def buttons_of(form):
    """Those to be seen, of each name the first; None alone if only Enter sends the form, and [] if nothing does."""
    buttons = {}
    for button in form.buttons:
        kind = button.get("name"), button.get("formaction")
        if kind not in buttons and form.response.seen.is_shown(button):
            buttons[kind] = button
    return list(buttons.values()) or ([None] if typed_into(form) else [])


def shape_of(form):
    """Equal for the forms of two pages that ask the same; what is wrong with one is wrong with both."""
    return re.sub(r"[\w-]*\d[\w-]*", "", form.action or ""), frozenset(form.fields)


def check(pages, form, button, variant, *, both_ways=True):
    pressed = " ".join((button or form.node).get_text(" ").split())[:30]
    route = resolve(form.response.request.path).view_name
    must_succeed = variant == AS_IT_IS and is_complete(form) and (route, pressed) not in REFUSED
    for headers in headers_of(form) if both_ways else [{}]:
        with undone(pages):
            answer = form.send(button, headers)
            connection.check_constraints()
        if wrong := problem_with(form, answer, must_succeed=must_succeed):
            way = "by htmx" if headers else "plainly"
            asked = f"{form.response.request.path_qs}: “{pressed}” {way}, {variant}, {form.sent(button)}"
            pytest.fail(f"{wrong}\n{asked}\n{answer.status}\n{answer.shown}")


def problem_with(form, answer, *, must_succeed):
    status = answer.status_int
    if status not in (200, 204, 302, 409, 422) or (must_succeed and status >= 400):
        return "This answer was not expected."
    if status >= 400 and not is_announced(form, answer):
        return "Nobody is told what is wrong."
    unseen = [words for words in errors_in(answer) if not answer.seen.shows(words)]
    return f"Not to be seen: {unseen}" if unseen else ""


@contextmanager
def undone(pages):
    cookies = copy.copy(pages.cookiejar)
    cookies._cookies = copy.deepcopy(pages.cookiejar._cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    pages.cookiejar = cookies


def headers_of(form):
    """Plainly, and as htmx does where it would."""
    yield {}
    if form.node.get("hx-post"):
        target = form.node.get("hx-target", "this").removeprefix("#")
        target = form.id if target == "this" else target
        yield {"HX-Request": "true"} | ({"HX-Target": target} if target else {})


def is_announced(form, answer):
    """Whether words to be seen are an alert, there or in the place where htmx puts the answer."""
    alerts = answer.document.find_all(role="alert")
    if not is_page(answer) and "HX-Retarget" in answer.headers:
        place = form.response.document.select_one(answer.headers["HX-Retarget"])
        return place.get("role") == "alert" and answer.shown
    return any(each.get_text().strip() and answer.seen.is_shown(each) for each in alerts)


def errors_in(answer):
    """The words of all forms that the answer was rendered with."""
    contexts = answer.context or []
    layers = [layer for context in (contexts if isinstance(contexts, list) else [contexts]) for layer in context.dicts]
    forms = {id(each): each for layer in layers for each in layer.values() if isinstance(each, BaseForm)}
    return {words for form in forms.values() if form.is_bound for errors in form.errors.values() for words in errors}


def is_complete(form):
    """Whether nothing that is required is empty."""
    required = {each["name"] for each in form.controls if each.has_attr("required") and each.get("name")}
    return all(field.value for name in required for field in form.fields.get(name, []))


TYPED = {
    "text": "a\x07b",
    "search": "a\x07b",
    "textarea": "a\x07b",
    "tel": "a\x07b",
    "email": "x",
    "number": "-1",
    "date": "0001-01-01",
    "datetime-local": "0001-01-01T00:00",
    "time": "00:00",
}


def nonsense(form):
    """(name, form): emptied; with nonsense typed into all fields; and that with each choice that is not large."""
    if not typed_into(form):
        return
    yield "emptied", typed(form, dict.fromkeys(TYPED, ""))
    yield "nonsense", typed(form, TYPED)
    for control in form.controls:
        for changed in choices(form, control):
            yield f"nonsense, {control['name']} changed", changed


def hidden_in(form):
    hidden = {each.get("name") for each in form.controls if each.get("type") == "hidden"}
    return hidden & form.fields.keys() - {"csrfmiddlewaretoken"}


def spoilt(form):
    again = BrowserForm(form.response, form.node)
    for name in hidden_in(form):
        for field in again.fields[name]:
            field.force_value("\x07")
    return again


def typed_into(form):
    kinds = {
        each.get("name"): each.get("type", "text") if each.name == "input" else each.name for each in form.controls
    }
    return {name: kind for name, kind in kinds.items() if kind in TYPED and name in form.fields}


def typed(form, words):
    again = BrowserForm(form.response, form.node)
    for name, kind in typed_into(again).items():
        for field in again.fields[name]:
            field.value = words[kind]
    return again


def choices(form, control):
    """The form with nonsense and another choice of this one, which may show or hide other fields."""
    name, options = control.get("name"), control.find_all("option")
    if name not in form.fields or (control.name == "select" and len(options) > 4):
        return
    if control.name == "select":
        for option in options:
            if not option.has_attr("selected"):
                yield chosen(form, name, option.get("value", option.text))
    elif control.get("type") == "checkbox" and len(form.fields[name]) == 1:
        yield chosen(form, name, not form.fields[name][0].checked)


def chosen(form, name, value):
    again = typed(form, TYPED)
    again[name] = value
    return again
