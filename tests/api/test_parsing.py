"""JSON that two readers could read differently, or that costs more than it says, is refused before anything is done."""

import io
import json

import pytest
from rest_framework.exceptions import ParseError

from api.parsing import StrictJSONParser

DEEP = 100_000


def read(body):
    return StrictJSONParser().parse(io.BytesIO(body if isinstance(body, bytes) else body.encode()))


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ('{"name": "Amara"}', {"name": "Amara"}),
        (' \r\n\t{"name":"\\u00e9"} \n', {"name": "é"}),
        ('{"a": {"x": 1}, "b": {"x": 2}}', {"a": {"x": 1}, "b": {"x": 2}}),
        ("[1, -1, 0, 1.5, 1e3, 12345678901234567890]", [1, -1, 0, 1.5, 1000.0, 12345678901234567890]),
        ("null", None),
        ("[" * 100 + "]" * 100, json.loads("[" * 100 + "]" * 100)),
    ],
)
def test_json_is_read_as_it_is_meant(body, meant):
    assert read(body) == meant


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("{'name': 1}", "cannot be read from line 1, column 2", id="no JSON"),
        pytest.param('{"name": 1,}', "cannot be read", id="a comma too many"),
        pytest.param('{"name": "a', "cannot be read", id="cut off"),
        pytest.param('{"name": "a\nb"}', "cannot be read", id="a line break in a text"),
        pytest.param('{"name": "a\x00b"}', "cannot be read", id="NUL in a text"),
        pytest.param('{"name": 1} x', "cannot be read from line 1, column 13", id="trailing text"),
        pytest.param('{"name": 1}{"name": 2}', "cannot be read", id="two of them"),
        pytest.param(" ", "cannot be read", id="only white space"),
        pytest.param('{"party_size": ٣}', "cannot be read", id="digits of other scripts"),
        pytest.param("[01]", "cannot be read", id="leading nought"),
        pytest.param('{"name": 1, "name": 2}', "stands twice", id="duplicate names"),
        pytest.param('{"a": [{"b": 1, "b": 1}]}', "stands twice", id="duplicate names, further in"),
        pytest.param('{"name": 1, "n\\u0061me": 2}', "stands twice", id="duplicate names, one escaped"),
        pytest.param('{"rate": NaN}', "NaN is not JSON", id="NaN"),
        pytest.param('{"rate": Infinity}', "Infinity is not JSON", id="Infinity"),
        pytest.param('{"rate": -Infinity}', "-Infinity is not JSON", id="-Infinity"),
        pytest.param('{"rate": 1e999}', "too large", id="1e999"),
        pytest.param('{"rate": -1e999}', "too large", id="-1e999"),
        pytest.param("9" * 5000, "too large", id="5,000 digits"),
        pytest.param("[1." + "9" * 5000 + "e5000]", "too large", id="a fraction of 5,000 digits"),
        pytest.param(b"\xef\xbb\xbf{}", "without a byte order mark", id="byte order mark"),
        pytest.param("{}".encode("utf-16"), "not JSON in UTF-8", id="UTF-16"),
        pytest.param("{}".encode("utf-16-le"), "cannot be read", id="UTF-16 without a mark"),
        pytest.param("{}".encode("utf-32"), "not JSON in UTF-8", id="UTF-32"),
        pytest.param(b'{"name": "\xe9"}', "not JSON in UTF-8", id="Latin-1"),
        pytest.param(b'{"name": "\xc0\xaf"}', "not JSON in UTF-8", id="overlong"),
        pytest.param(b'{"name": "\xed\xa0\x80"}', "not JSON in UTF-8", id="half a character"),
        pytest.param("[" * DEEP + "]" * DEEP, "nested too deeply", id="100,000 lists deep"),
        pytest.param('{"a":' * DEEP + "1" + "}" * DEEP, "nested too deeply", id="100,000 objects deep"),
        pytest.param("[" * DEEP, "nested too deeply", id="100,000 deep and cut off"),
    ],
)
def test_what_is_no_json_is_refused_in_words(body, words):
    with pytest.raises(ParseError) as refused:
        read(body)

    assert words in str(refused.value.detail)


def test_words_of_a_refusal_hold_nothing_of_what_was_sent():
    with pytest.raises(ParseError) as refused:
        read('{"name": "Amara Okafor", secret}')

    assert "secret" not in str(refused.value.detail)
    assert "Amara" not in str(refused.value.detail)
