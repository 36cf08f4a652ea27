"""Where in the sound the words of a text are."""

import re

from notes.models import Transcript
from notes.spoken import Word, lines
from notes.templatetags.voice_notes import spoken


def segment(start, text, words=()):
    return {"start": start, "end": start + 1, "text": text, "words": list(words)}


def word(start, text, probability=0.9):
    return {"start": start, "end": start + 0.1, "text": text, "probability": probability}


TOWELS = segment(0.5, "Two towels.", [word(0.5, "Two"), word(0.8, "towels.", 0.3)])
COT = segment(3.0, "And a cot.", [word(3.0, "And"), word(3.2, "a"), word(3.4, "cot.")])
BOTH = "Two towels. And a cot."


def transcript(text, *segments):
    said = " ".join(each["text"] for each in segments)
    return Transcript(text=text, machine_text=said, segments=list(segments), created_at=None)


def read(found):
    return "".join(line.before + "".join(gap + word.text for gap, word in line.words) for line in found)


def times(found):
    return [(word.text, word.start) for line in found for _, word in line.words]


def test_each_segment_is_a_line_of_its_words():
    first, second, rest = lines(transcript(BOTH, TOWELS, COT))

    assert first.words == [("", Word("Two", 0.5, 0)), (" ", Word("towels.", 0.8, 0, is_doubtful=True))]
    assert (second.before, [word.text for _, word in second.words]) == (" ", ["And", "a", "cot."])
    assert (rest.before, rest.words) == ("", [])


def test_an_engine_without_words_gives_whole_lines():
    found = lines(transcript(BOTH, segment(0.5, "Two towels."), segment(3.0, "And a cot.")))

    assert times(found) == [("Two towels.", 0.5), ("And a cot.", 3.0)]
    assert read(found) == BOTH


def test_a_text_without_times_is_all_there():
    assert read(lines(Transcript(text="Typed.\nBy hand.", created_at=None))) == "Typed.\nBy hand."


def test_a_word_that_is_not_in_the_text_costs_nothing_but_its_time():
    odd = segment(0.5, "Two towels.", [word(0.5, "2"), word(0.8, "towels.")])

    found = lines(transcript("Two towels.", odd))

    assert times(found) == [("towels.", 0.8)]
    assert read(found) == "Two towels."


def test_words_that_people_left_alone_keep_their_times():
    changed = transcript(BOTH, TOWELS, COT)
    changed.text = "Three towels, and\na blue cot, please."

    found = lines(changed)

    assert times(found) == [("towels,", 0.8), ("and", 3.0), ("a", 3.2), ("cot,", 3.4)]
    assert not any(word.is_doubtful for line in found for _, word in line.words)
    assert read(found) == changed.text


def test_a_long_text_that_was_changed_is_not_compared():
    many = [word(n, "word") for n in range(1501)]
    changed = transcript("", segment(0, "word " * 1501, many))
    changed.text = "word " * 1500

    found = lines(changed)

    assert times(found) == []
    assert read(found) == changed.text


def test_no_part_of_a_text_becomes_html():
    said = segment(0.5, "<b>one</b> two", [word(0.5, "<b>one</b>"), word(0.8, "two")])

    page = spoken(transcript("<i> <b>one</b> & two </i>", said))

    assert re.sub("</?span[^>]*>", "", page) == "&lt;i&gt; &lt;b&gt;one&lt;/b&gt; &amp; two &lt;/i&gt;"
