"""Words are compared as the database folds them, and marked as they are written."""

import pytest
from django.db import connection

from notes.search.folding import Folded, fold, marked

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "Wójcik",
        "ΠΑΠΑΣ παπάς",
        "أَحْمَد",
        "Йод",
        "ヤマダ",
        "김민준",
        "か\u3099",
        "STRASSE",
        "Straße",
        "Łukasz Żak",
        "İstanbul",
        "Ærø",
        "½ naïve",
        "日本",
        "",
        "🛏",
    ],
)
def test_it_folds_as_the_index_does(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT searchable(%s)", [text])
        [expected] = cursor.fetchone()

    assert fold(text) == expected


def test_half_a_letter_is_none():
    assert fold("a\ud800b") == "ab"


def test_each_letter_is_asked_for_once(django_assert_num_queries):
    fold("Žluťoučký kůň")

    with django_assert_num_queries(0):
        fold("kůň")


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Ask for Wójcik.", ["wojc"], ["Wójc"]),
        ("Große Straße", ["strasse", "gro"], ["Gro", "Straße"]),
        ("Straße", ["strass"], ["Straß"]),
        ("Two towels, towel rail", ["towel"], ["towel", "towel"]),
        ("No notes, not one", ["no"], ["No", "no", "no"]),  # two letters: the beginning of a word
        ("piano", ["no"], []),
        ("towels", ["tow", "wels"], ["towels"]),
        ("房间漏水了", [" 漏  水 "], ["漏水"]),
        ("王小明, 明", [" 明 "], ["明", "明"]),
        ("Ο Νίκος, ΝΙΚΟΣ", ["νικοσ"], ["Νίκος", "ΝΙΚΟΣ"]),
        ("cafe\u0301 e\u0301te\u0301", ["caf", "ete"], ["caf", "e\u0301te\u0301"]),
        ("か\u3099く", [" が "], ["か\u3099"]),
        ("مُحَمَّد هنا", ["محمد"], ["مُحَمَّد"]),
        ("100 % sure_thing", ["%", "_thing"], ["%", "_thing"]),
        ("nothing", ["xyz"], []),
        ("", ["xyz"], []),
    ],
)
def test_it_knows_where_words_stand(text, words, found):
    pieces = marked(text, Folded(text).spans(words))

    assert [piece for piece, is_hit in pieces if is_hit] == found
    assert "".join(piece for piece, _ in pieces) == text
