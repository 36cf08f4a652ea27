"""What apps above show on a page that knows none of them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

from config import slots


@pytest.fixture
def filled(monkeypatch):
    monkeypatch.setattr(slots, "_panels", {})
    slots._panels["here"] = [
        slots.Panel("components/toast.html", lambda request, *subjects: {"text": f"first of {subjects}", "undo": "#"}),
        slots.Panel("components/toast.html", lambda request, *subjects: None),
        slots.Panel("components/toast.html", lambda request, *subjects: {"text": "<second>", "undo": "#"}),
    ]


def draw(source, rf, **context):
    request = rf.get("/")
    request.user = AnonymousUser()
    return Template("{% load slots %}" + source).render(Context({"request": request} | context))


def test_panels_stand_in_the_order_in_which_they_were_registered(filled, rf):
    page = draw('{% slot "here" a b %}', rf, a=1, b=2)

    assert page.index("first of (1, 2)") < page.index("&lt;second&gt;")


def test_a_panel_knows_nothing_of_the_page_around_it(filled, rf):
    assert "secret" not in draw('{% slot "here" %}', rf, level="secret")


def test_a_slot_that_nobody_fills_is_empty(filled, rf):
    assert draw('{% slot "elsewhere" %}', rf) == ""
