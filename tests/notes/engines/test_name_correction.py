import pytest

from notes.engines.base import Segment, Word
from notes.engines.name_correction import correct_names


def said(*words):
    """Words half a second each; a word after a "?" was doubted."""
    made = tuple(
        Word(n / 2, (n + 1) / 2, word.removeprefix("?"), 0.3 if word.startswith("?") else 0.9)
        for n, word in enumerate(words)
    )
    return Segment(0.0, len(words) / 2, " ".join(word.text for word in made), made)


def text(segment, *names):
    return correct_names([segment], names)[0].text


def test_a_doubtful_name_is_spelt_as_in_the_booking():
    segment = said("Key", "for", "?old", "?mill", "of", "loft", "is", "missing.")

    [corrected] = correct_names([segment], ["Amara Okafor", "Old Mill Loft"])

    assert corrected.text == "Key for Old Mill Loft is missing."
    loft = corrected.words[4]
    assert (loft.text, loft.start, loft.end, loft.probability) == ("Loft", 2.0, 3.0, 0.9)
    assert corrected.words[2].probability == 0.3  # it stays doubtful
    assert (corrected.start, corrected.end) == (0.0, 4.0)


@pytest.mark.parametrize(
    ("heard", "name", "written"),
    [
        (("I'm", "Abigail", "?Klafflin."), "Abigail Claflin", "I'm Abigail Claflin."),
        (("the", "?Okaphor", "family"), "Amara Okafor", "the Okafor family"),
        (("for", "?Ocafore,", "please"), "Amara Okafor", "for Okafor, please"),
        (("for", "?Lindkvist"), "Björn Lindqvist", "for Lindqvist"),
    ],
)
def test_it_goes_by_sound(heard, name, written):
    assert text(said(*heard), name) == written


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        (("Abigail", "Klafflin"), "Abigail Claflin"),  # nothing was doubted
        (("for", "?old", "?mill", "?loft", "is"), "Old Mill Loft"),  # it is written already
        (("?for", "Old", "Mill", "Loft"), "Old Mill Loft"),
        (("with", "?grace"), "Grace Hughes"),
        (("one", "?more", "?towel"), "Lena Moreau"),
        (("?burn", "the", "?letters"), "Tom Byrne"),
        (("?left", "the", "?mail"), "Old Mill Loft"),  # short words of a name are words of the language
        (("it", "?costs", "?silver"), "Marta Costa"),
        (("a", "?hostel"), "Hattie Castle"),
        (("two", "extra", "?towel"), "Grace Towle"),
        (("the", "?waiters"), "Ann Waters"),
        (("the", "?boiler", "is", "broken"), "Sam Bowler"),
        (("send", "the", "?laundry", "up"), "Paula Landry"),
        (("?coffee,", "please"), "Iris Coffey"),
        (("?Early", "check-in"), "Joe Earley"),
        (("the", "?tailor's"), "Taylor"),
        (("?Grace", "?towels"), "Grace Towle"),
        (("?kitchen",), "12"),
        ((), "Old Mill Loft"),
    ],
)
def test_it_leaves_other_words_alone(heard, name):
    segment = said(*heard)

    assert correct_names([segment], [name]) == [segment]


def test_names_that_are_words_themselves_give_way_to_none_but_nearly_the_same():
    assert text(said("the", "?boyler"), "boiler") == "the boiler"  # a term of the site
    assert text(said("the", "?boilers"), "boiler") == "the boilers"
    assert text(said("?old", "?mills", "?loft"), "Old Mill Loft") == "Old Mill Loft"


def test_each_language_has_its_own_words():
    segment = said("una", "?toalla")

    assert correct_names([segment], ["Toala"], language="es") == [segment]
    assert correct_names([segment], ["Toala"], language="en")[0].text == "una Toala"


def test_where_no_words_are_known_no_name_replaces_one():
    segment = said("the", "?Okaphor")

    assert correct_names([segment], ["Okafor"], language="th") == [segment]


def test_nothing_is_written_where_nothing_was_said():
    assert correct_names([], ["Amara Okafor"]) == []
    assert text(Segment(0, 1, "Okaphor"), "Amara Okafor") == "Okaphor"  # no words, no doubts
