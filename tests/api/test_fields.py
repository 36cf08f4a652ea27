"""A field takes what the schema says, and nothing that merely resembles it."""

import datetime as dt

import pytest
from rest_framework import serializers

from api.fields import Choice, Day, Email, Key, Moment, Text, Whole, YesNo
from api.problems import MOST_ERRORS
from api.serializers import QuerySerializer, RequestSerializer

KINDS = {
    "text": lambda: Text(max_length=10),
    "lines": lambda: Text(max_length=10, paragraphs=True),
    "email": lambda: Email(allow_blank=True),
    "whole": lambda: Whole(min_value=1, max_value=50),
    "key": lambda: Key(),
    "truth": lambda: YesNo(),
    "day": lambda: Day(),
    "moment": lambda: Moment(),
    "choice": lambda: Choice(choices=["hotel", "apartment"]),
}
ZERO_WIDTH, TURNED, HALF = "\u200b", "\u202e", "\ud800"


def taken(kind, value, base=RequestSerializer):
    """(what the field makes of it, None), or (None, the code of its refusal)."""
    serializer = type("Body", (base,), {"it": KINDS[kind]()})(data={"it": value})
    if serializer.is_valid():
        return serializer.validated_data["it"], None
    return None, serializer.errors["it"][0].code


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("text", " Bo \t Li", "Bo Li"),
        ("text", "Ame\u0301lie", "Amélie"),
        ("text", f"Bo{ZERO_WIDTH} {TURNED}Li", "Bo Li"),
        ("text", "é" * 10, "é" * 10),
        ("text", "🛏" * 10, "🛏" * 10),
        ("text", "<b>'; --", "<b>'; --"),
        ("lines", "a\r\n\r\n\r\nb", "a\n\nb"),
        ("email", "", ""),
        ("email", "amara@example.com", "amara@example.com"),
        ("whole", 3, 3),
        ("whole", 3.0, 3),  # the same number in JSON
        ("key", 2**31 - 1, 2**31 - 1),
        ("truth", True, True),
        ("truth", False, False),
        ("day", "2028-02-29", dt.date(2028, 2, 29)),
        ("moment", "2027-05-03T18:00:00Z", dt.datetime(2027, 5, 3, 18, tzinfo=dt.UTC)),
        ("moment", "2027-05-03t18:00:00.5+02:00", dt.datetime(2027, 5, 3, 16, 0, 0, 500_000, tzinfo=dt.UTC)),
        ("choice", "hotel", "hotel"),
    ],
)
def test_what_fits_is_taken_as_it_is_meant(kind, value, meant):
    assert taken(kind, value) == (meant, None)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("text", 3, "invalid"),
        ("text", True, "invalid"),
        ("text", ["Amara"], "invalid"),
        ("text", {"name": "Amara"}, "invalid"),
        ("text", None, "null"),
        ("text", "", "blank"),
        ("text", " \n ", "invisible"),
        ("text", ZERO_WIDTH, "invisible"),
        ("text", "\u115f", "invisible"),
        ("text", "é" * 11, "max_length"),
        ("text", "a\x00b", "unfit"),
        ("text", "a\x1bb", "unfit"),
        ("text", f"a{HALF}b", "unfit"),
        ("text", "a" + "\u0301" * 50, "unfit"),
        ("lines", "a\x00\nb", "unfit"),
        ("email", "amara", "unfit"),
        ("email", "amara@example", "unfit"),
        ("email", "amara@example.com\nBcc: bo@example.com", "unfit"),
        ("email", 3, "invalid"),
        ("whole", "3", "invalid"),
        ("whole", True, "invalid"),
        ("whole", 3.5, "invalid"),
        ("whole", 1e300, "invalid"),
        ("whole", [3], "invalid"),
        ("whole", None, "null"),
        ("whole", 0, "min_value"),
        ("whole", -1, "min_value"),
        ("whole", 51, "max_value"),
        ("whole", 10**19, "max_value"),
        ("key", 2**31, "max_value"),
        ("key", 0, "min_value"),
        ("truth", "true", "invalid"),
        ("truth", 1, "invalid"),
        ("truth", 0, "invalid"),
        ("truth", [], "invalid"),
        ("truth", {}, "invalid"),
        ("truth", None, "null"),
        ("day", "2027-02-29", "invalid"),
        ("day", "2027-5-3", "invalid"),
        ("day", "٢٠٢٧-٠٥-٠٣", "invalid"),
        ("day", "2027-05-03T00:00:00Z", "invalid"),
        ("day", " 2027-05-03", "invalid"),
        ("day", "2027-05-03\n", "invalid"),
        ("day", "0000-01-01", "invalid"),
        ("day", 20270503, "invalid"),
        ("day", ["2027-05-03"], "invalid"),
        ("moment", "2027-05-03T18:00:00", "invalid"),  # where?
        ("moment", "2027-05-03 18:00:00Z", "invalid"),
        ("moment", "2027-05-03T25:00:00Z", "invalid"),
        ("moment", "2027-05-03T18:00:00+25:00", "invalid"),
        ("moment", 1809712800, "invalid"),
        ("moment", "now", "invalid"),
        ("choice", "motel", "invalid_choice"),
        ("choice", "Hotel", "invalid_choice"),
        ("choice", "", "invalid_choice"),
        ("choice", ["hotel"], "invalid_choice"),
        ("choice", {"hotel": 1}, "invalid_choice"),
        ("choice", True, "invalid_choice"),
        ("choice", None, "null"),
    ],
)
def test_what_merely_resembles_it_is_refused(kind, value, code):
    assert taken(kind, value) == (None, code)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_beyond_the_calendar_is_refused_in_words(moment):
    assert taken("moment", moment) == (None, "overflow")


@pytest.mark.parametrize("value", [[0] * 100_000, ["x"] * 100_000, [[]] * 100_000])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_array_of_a_hundred_thousand_is_one_wrong_value(kind, value):
    _, code = taken(kind, value)

    assert code in {"invalid", "invalid_choice"}


@pytest.mark.parametrize(
    ("kind", "value", "meant"), [("whole", "3", 3), ("truth", "true", True), ("truth", "false", False)]
)
def test_behind_a_question_mark_all_is_text(kind, value, meant):
    assert taken(kind, [value], QuerySerializer) == (meant, None)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("whole", "٣"), ("whole", "3.0"), ("whole", "+3"), ("whole", " 3"), ("whole", "03"), ("whole", "1_0"),
        ("whole", "9" * 5000), ("whole", ""), ("truth", "1"), ("truth", "True"), ("truth", ""), ("truth", "on"),
    ],
)  # fmt: skip
def test_behind_a_question_mark_only_plain_text_is_a_number_or_yes_or_no(kind, value):
    assert taken(kind, [value], QuerySerializer) == (None, "invalid")


class Rooms(RequestSerializer):
    rooms = serializers.ListField(child=Whole(), max_length=10)


@pytest.mark.parametrize("body", [None, [], [1], "x", 3, True])
def test_a_body_is_one_object(body):
    serializer = Rooms(data=body)

    assert not serializer.is_valid()


def test_of_a_hundred_thousand_unknown_names_some_are_said(program_answer):
    body = {f"rooms{number}": 1 for number in range(100_000)} | {"rooms": [1]}

    answer = program_answer(Rooms, body)

    assert answer.status_code == 400
    assert len(answer.data["errors"]) <= MOST_ERRORS


def test_of_ten_thousand_wrong_values_some_are_said(program_answer):
    class Any(RequestSerializer):
        rooms = serializers.ListField(child=Whole())

    answer = program_answer(Any, {"rooms": ["x"] * 10_000})

    assert (answer.status_code, len(answer.data["errors"])) == (400, MOST_ERRORS)
    assert answer.data["errors"][0]["field"] == "rooms.0"


def test_a_name_that_is_none_of_ours_is_shown_as_far_as_a_page_can(program_answer):
    answer = program_answer(Rooms, {HALF: 1, "x" * 10_000: 2, "rooms": [1]})

    assert [error["field"] for error in answer.data["errors"]] == ["x" * 100, "?"]


@pytest.fixture
def program_answer(rf):
    """What a program is told of a body that the serializer refuses."""
    from api.problems import answer

    def ask(serializer, body):
        with pytest.raises(serializers.ValidationError) as refused:
            serializer(data=body).is_valid(raise_exception=True)
        return answer(refused.value, {"request": rf.post("/")})

    return ask
