import time

import pytest
from django import forms

from config.forms import CleanCharField
from config.text import UnfitText, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Harbour \u00a0 Hotel\t", "Harbour Hotel"),
        ("Harbour\r\nHotel", "Harbour Hotel"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("10\u200b1\ufeff", "101"),
        ("\u200b\u200d \u3164", ""),
        ("\u0301", ""),
        ("\u202a+49 170 7654321\u202c", "+49 170 7654321"),
        ("\u2068Harbour\u2069 \u200eHotel\u200f", "Harbour Hotel"),
        ("Harbour\u202eHotel", "HarbourHotel"),
    ],
)
def test_it_stores_what_the_eye_sees(typed, kept):
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "Null",
        "李",
        "Müller-Lüdenscheidt",
        "👩\u200d👩\u200d👧",
        "X Æ A-12",
        "می\u200cخواهم",
        "<b>{{ 7 }}</b>",
        "ก็",
        "🏴",
    ],
)
def test_it_leaves_real_names_alone(name):
    assert tidy(name) == name


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\x85", "\ud800"])
def test_it_refuses_control_characters(hidden):
    with pytest.raises(UnfitText, match="hidden characters"):
        tidy(f"Harbour{hidden}Hotel")


def test_it_refuses_marks_stacked_over_the_lines():
    with pytest.raises(UnfitText, match="accents"):
        tidy("Z" + "\u0335" * 500)


def test_it_keeps_paragraphs_where_they_are_wanted():
    typed = "  Two bedrooms. \r\n\r\n\r\n\r\nKey:  by the door.\n"

    assert tidy(typed, paragraphs=True) == "Two bedrooms.\n\nKey: by the door."


def test_marks_of_direction_stay_in_prose():
    typed = "\u2067العربية\u2069, then C++\u200e."

    assert tidy(typed, paragraphs=True) == "العربية, then C++\u200e."


class NameForm(forms.Form):
    name = CleanCharField(max_length=200)


def errors_of(name):
    return NameForm({"name": name}).errors["name"]


def test_a_field_says_what_is_wrong_in_words():
    assert errors_of("\u200b") == ["Please fill this in."]
    assert "hidden characters" in errors_of("a\x00b")[0]
    assert errors_of("a" * 201) == ["Keep this to 200 characters; it has 201."]


def test_a_field_refuses_a_megabyte_at_once():
    begun = time.process_time()

    errors_of("é" * 1_000_000)

    assert time.process_time() - begun < 1
