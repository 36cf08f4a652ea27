import pytest

from properties.room_names import LONGEST_NAME, MOST_AT_ONCE, BadRooms, in_words, natural_order, parse


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("101", ["101"]),
        ("101-103", ["101", "102", "103"]),
        ("101–103", ["101", "102", "103"]),
        (" 101 — 103 ", ["101", "102", "103"]),
        ("101, 102, 201-203", ["101", "102", "201", "202", "203"]),
        ("101\n102;103,", ["101", "102", "103"]),
        ("A1-A3", ["A1", "A2", "A3"]),
        ("A1-3", ["A1", "A2", "A3"]),
        ("Room 9 – Room 11", ["Room 9", "Room 10", "Room 11"]),
        ("001-003", ["001", "002", "003"]),
        ("08-10", ["08", "09", "10"]),
        ("7-7", ["7"]),
        ("Garden\u00a0 Suite", ["Garden Suite"]),
        ("Cafe\u0301", ["Caf\u00e9"]),
        ("A-1, Sea-View, 12a-12c", ["A-1", "Sea-View", "12a-12c"]),
        ("", []),
        ("\u200b , ,", []),
    ],
)
def test_it_reads_rooms_as_the_desk_writes_them(text, names):
    assert parse(text) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("118-101", "“118-101” runs backwards. Write it as 101–118."),
        ("A1-B9", "both ends have to begin alike"),
        ("101, 102, 101", "You wrote 101 more than once."),
        ("a1, A1", "You wrote a1 more than once."),
        ("101-103, 102", "You wrote 102 more than once."),
        (f"1-{MOST_AT_ONCE + 1}", f"more than {MOST_AT_ONCE} rooms"),
        (f"1-{'9' * 50}", f"more than {MOST_AT_ONCE} rooms"),
        ("1-300, 1001-1300", f"more than {MOST_AT_ONCE} rooms"),
        ("S" * (LONGEST_NAME + 1), "too long for a room"),
        (f"{'S' * LONGEST_NAME}1-3", "too long for a room"),
        ("1\x0701", "hidden characters"),
    ],
)
def test_it_says_in_words_what_is_no_list_of_rooms(text, words):
    with pytest.raises(BadRooms) as refused:
        parse(text)

    assert words in str(refused.value)


def test_it_takes_as_many_rooms_as_it_promises():
    assert len(parse(f"1-{MOST_AT_ONCE}")) == MOST_AT_ONCE


def test_it_gives_up_at_once_on_text_made_to_be_slow():
    with pytest.raises(BadRooms):
        parse("1-" * 50_000)


def test_it_counts_what_would_be_too_long_to_read():
    assert in_words(["101", "102", "103"]) == "101, 102, 103"
    assert in_words(["101", "102", "103", "104", "105"]) == "101, 102, 103 and 2 more"


def test_it_orders_rooms_as_people_do():
    rooms = ["A10", "2", "10", "A2", "Attic", "1b", "1a"]

    assert sorted(rooms, key=natural_order) == ["1a", "1b", "2", "10", "A2", "A10", "Attic"]
