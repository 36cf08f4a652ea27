"""Fields are as Django's templates draw them."""

import datetime as dt
import re

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.form_renderer import DRAWN, Renderer

NASTY = """<b>"it's" & 'that'</b>"""
CHOICES = [
    ("", "Nothing"),
    (1, NASTY),
    (NASTY, gettext_lazy("Lazy")),
    ("Group & <co>", [(True, "One"), (2.5, mark_safe("<i>Two</i>"))]),
    (1000, 1000),
]
# What is marked as safe is HTML already, and is not escaped a second time.
VALUES = [None, "", NASTY, 0, 1000, True, ["1", NASTY], dt.date(2026, 11, 30), mark_safe("&lt;")]
ATTRIBUTES = {"class": NASTY, "required": True, "disabled": False, "maxlength": 1000, "data-x": mark_safe("&amp;")}


@pytest.mark.parametrize("attributes", [{}, ATTRIBUTES])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.Textarea(),
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.CheckboxInput(),
        forms.NumberInput(),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.HiddenInput(),
        forms.DateInput(),
        forms.TimeInput(),
        forms.RadioSelect(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_a_widget_is_drawn_as_by_its_template(widget, attributes):
    ours, djangos = (
        [widget.render("name & <co>", value, attrs=attributes, renderer=renderer()) for value in VALUES]
        for renderer in (Renderer, TemplatesSetting)
    )

    assert [_without_empty_lines(each) for each in ours] == [_without_empty_lines(each) for each in djangos]


def _without_empty_lines(html):
    return re.sub(r"\n+", "\n", html)


def test_each_template_that_is_replaced_is_one_of_djangos():
    for name in DRAWN:
        assert TemplatesSetting().get_template(name)


def test_names_of_rows_are_not_translated(alice):
    field = forms.ModelChoiceField(get_user_model().objects.filter(pk=alice.pk), empty_label="Everybody")

    html = field.widget.render("by", alice.pk, renderer=Renderer())

    assert '<option value="">Everybody</option>' in html
    assert f'<option value="{alice.pk}" selected translate="no">Alice' in html
