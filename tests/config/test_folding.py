"""One way to read letters, kept by the database, for every search."""

import unicodedata

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def searchable(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT searchable(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "written",
    [
        ("ΣΤΑΎΡΟΣ", "Σταύρος", "σταυροσ"),
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", "Παπαδόπουλος"),
        ("أحمد", "احمد", "إحمد", "أَحْمَد", "أحمــد", "ﺃﺣﻤﺪ"),
        ("فاطمة", "فاطمه"),
        ("علي", "على", "علی"),
        ("ЙОСИП ЇЖАК", "йосип їжак", unicodedata.normalize("NFD", "Йосип Їжак")),
        ("Amélie", "Ame\u0301lie", "AMELIE", "amélie"),
        ("Straße", "STRASSE", "strasse", "STRAẞE"),
        ("Işık", "ISIK", "işik", "İŞIK"),
        ("Łukasz Ødegård", "LUKASZ ODEGARD"),
        ("Əliyev Nərgiz", "eliyev nergiz"),
        ("ヤマダ", "やまだ", "ﾔﾏﾀﾞ", unicodedata.normalize("NFD", "ヤマダ")),
        ("김민준", unicodedata.normalize("NFD", "김민준")),
        ("Ｒｏｏｍ　１０１", "Room 101", "room\u00a0١٠١"),
        ("O’Brien", "O'Brien", "OʼBRIEN", "O´Brien", "O`brien"),
        ("Jean‑Luc", "Jean-Luc", "jean–luc"),
        ("Ann\u200b\u202aA\u202c\u2066\u2069\ufeff", "AnnA"),
    ],
)
def test_ways_of_writing_the_same_word_are_one(written):
    assert len(set(map(searchable, written))) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("か", "が"), ("ハハ", "パパ"), ("कि", "कु"), ("ก่า", "ก้า"), ("王", "玉"), ("ب", "ت")]
)
def test_signs_that_make_another_letter_of_it_stay(one, other):
    assert searchable(one) != searchable(other)


@pytest.mark.parametrize(
    "text", ["Wójcik 204", "王小明", "김민준 (101)", "やまだ旅館", "ΝΊΚΟΣ", "½ naïve…", "สวัสดี", ""]
)
def test_a_part_of_a_text_is_a_part_of_it_folded(text):
    folded = searchable(text)

    assert all(searchable(text[start:]) in folded for start in range(len(text)))


def test_no_capital_letter_of_a_living_script_is_left():
    scripts = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN")
    letters = [chr(number) for number in range(0x2000)]
    capitals = [
        letter
        for letter in letters
        if unicodedata.category(letter) == "Lu" and unicodedata.name(letter).split()[0] in scripts
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT upper FROM unnest(%s, %s) AS pair(upper, lower) WHERE searchable(upper) <> searchable(lower)",
            [capitals, [letter.lower() for letter in capitals]],
        )
        assert cursor.fetchall() == []


def test_it_does_not_depend_on_the_locale_of_the_server():
    with connection.cursor() as cursor:
        cursor.execute("SELECT searchable('I ΝΊΚΟΣ ЙОД' COLLATE \"C\")")
        assert cursor.fetchone() == ("i νικοσ иод",)
