"""Telephone numbers as people write them and as they ask for them."""

import pytest

from reservations import telephones

BERLIN = ["+491701234567", "01701234567"]
ROME = ["+390669821234", "0669821234"]


def forms(text, *regions):
    return telephones.forms_of(text, lambda: list(regions))


@pytest.mark.parametrize(
    "written",
    [
        "+49 170 1234567",
        "0049 170 1234567",
        "+49 (0)170 1234567",
        "+49 (0) 170/1234567",
        "+49-170-1234567",
        "(+49) 170 1234567",
        "＋４９　１７０　１２３４５６７",
        "\u202a+49 170 1234567\u202c",
        "0170 1234567",
        "0170/12345 67",
        "0170-1234567",
        "0170–1234567",
        "01701234567",
        "٠١٧٠١٢٣٤٥٦٧",
    ],
)
def test_a_number_is_the_same_however_it_is_written(written):
    assert forms(written, "DE") == BERLIN


def test_with_its_country_code_it_needs_no_country_of_ours():
    assert telephones.forms_of("+49 170 1234567", regions=lambda: pytest.fail("asked for nothing")) == BERLIN


@pytest.mark.parametrize("written", ["+39 06 6982 1234", "+39 (0)6 6982 1234", "06 6982 1234"])
def test_the_zero_of_rome_belongs_to_the_number(written):
    assert forms(written, "IT") == ROME


def test_a_number_that_fits_two_countries_is_read_by_both():
    read = forms("030 1234567", "DE", "IT")

    assert [form for form in read if form.startswith("+")] == ["+49301234567", "+390301234567"]


@pytest.mark.parametrize(
    "written",
    [
        "+49 170 1234567 / +39 06 6982 1234",
        "+49 170 1234567, +39 06 6982 1234",
        "+49 170 1234567 or +39 06 6982 1234",
        "+49 170 1234567 +39 06 6982 1234",
        "0170/1234567; +39 06/69821234",
    ],
)
def test_two_numbers_in_one_field_are_two(written):
    assert forms(written, "DE") == [*BERLIN, *ROME]


@pytest.mark.parametrize("text", ["", "-", "12", "ask at the desk", "+", "00", "+999 1", "1" * 60, "\ud800"])
def test_what_is_no_number_has_none(text):
    assert forms(text, "DE", "IT") == []


@pytest.mark.parametrize("text", ["0170/12345", "+49 (0)", "１２", "\u200e0170"])
def test_parts_of_numbers_are_looked_for_as_numbers(text):
    assert telephones.is_like_a_number(text)


@pytest.mark.parametrize("text", ["Room 12", "-", "", "12a"])
def test_other_words_are_not(text):
    assert not telephones.is_like_a_number(text)
