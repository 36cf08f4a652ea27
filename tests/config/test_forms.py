from django import forms
from django.urls import get_resolver

from config.forms import ErrorsInSight, Form

OURS = ("accounts", "notes", "properties", "reservations")


class TwoFields(Form):
    seen = forms.IntegerField()
    key = forms.UUIDField(widget=forms.HiddenInput)
    folded = forms.IntegerField()

    def unseen(self):
        return ["folded"]


def test_what_is_wrong_with_a_hidden_field_stands_at_the_top():
    form = TwoFields({"seen": "1", "key": "x", "folded": "1"})

    assert not form.is_valid()
    assert form.non_field_errors() == ["Enter a valid UUID."]
    assert "key" not in form.cleaned_data


def test_what_is_wrong_with_a_field_that_the_page_hides_stands_at_the_top_too():
    form = TwoFields({"seen": "1", "key": "d4a5b2ce-5f0f-4b9a-8a06-5a4c1f9d7b11", "folded": "x"})

    assert form.errors == {"__all__": ["Enter a whole number."]}


def test_what_is_wrong_with_a_field_that_is_seen_stands_beside_it():
    form = TwoFields({"seen": "x", "key": "d4a5b2ce-5f0f-4b9a-8a06-5a4c1f9d7b11", "folded": "1"})

    assert form.errors == {"seen": ["Enter a whole number."]}


def subclasses(of):
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_form_shows_what_is_wrong():
    assert get_resolver().url_patterns, "forms are known when the views that show them are"
    ours = [each for each in subclasses(forms.BaseForm) if each.__module__.startswith(OURS)]
    bare = [each for each in ours if not issubclass(each, ErrorsInSight) and not each.__module__.endswith("admin")]

    assert ours
    assert bare == []
