import pytest

from notes.byte_ranges import ByteRange, NotSatisfiable, parse

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-", 0, 1000),
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-", 500, 1000),
        ("bytes=999-", 999, 1000),
        ("bytes=999-999", 999, 1000),
        ("bytes=500-5000", 500, 1000),
        ("bytes=500-99999999999999999999", 500, 1000),
        ("bytes=-1", 999, 1000),
        ("bytes=-500", 500, 1000),
        ("bytes=-1000", 0, 1000),
        ("bytes=-5000", 0, 1000),
        ("Bytes= 0 - 9 ", 0, 10),
    ],
)
def test_it_finds_one_range(header, start, stop):
    assert parse(header, SIZE) == ByteRange(start, stop)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=2000-1999",
        "bytes=--5",
        "bytes=0-1,5-6",
        "bytes=" + ",".join(["0-0"] * 1000),
        "seconds=0-1",
        "bytes=٠-٩",
        "bytes=0-" + "9" * 5000,
        "bytes=0x0-0x9",
    ],
)
def test_it_gives_the_whole_for_what_need_not_be_understood(header):
    assert parse(header, SIZE) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1000", "bytes=5000-6000", "bytes=-0"])
def test_it_refuses_what_begins_behind_the_end(header):
    with pytest.raises(NotSatisfiable):
        parse(header, SIZE)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1"])
def test_it_finds_nothing_in_an_empty_file(header):
    with pytest.raises(NotSatisfiable):
        parse(header, 0)


def test_a_range_says_where_it_is():
    assert ByteRange(500, 1000).content_range(1000) == "bytes 500-999/1000"
    assert ByteRange(500, 1000).length == 500
