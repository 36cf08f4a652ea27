"""Template tags and filters that write a note's times, status and words."""

from html import escape  # faster than Django's, which tests whether a text is lazy

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from config.clock import now
from notes import addresses, editing
from notes.models import Status
from notes.progress import state
from notes.spoken import lines

register = template.Library()

# Milliseconds between two polls of a pending note: less while it has been queued for less than SLOW_AFTER_SECONDS.
POLL_MILLISECONDS, SLOW_POLL_MILLISECONDS, SLOW_AFTER_SECONDS = 700, 5000, 60

# CSS classes by status.
CHIPS = {
    Status.TRANSCRIBING: "is-held",
    Status.TRANSCRIBED: "is-inhouse",
    Status.TYPED: "is-confirmed",
    Status.NO_SPEECH: "is-held",
    Status.FAILED: "is-problem",
}

# Why a note has no words, by `is_audible`.
NO_WORDS = {
    True: "There is sound, but no words were found.",
    False: "The recording is silent.",
    None: "No words were found in the recording.",
}


@register.simple_tag
def notes_action(verb, reservation=None, property=None):
    """The address of an action on the notes of a reservation, or of a property alone; see `notes.addresses`."""
    return addresses.action(verb, reservation, property)


@register.simple_tag
def notes_page(reservation=None, property=None):
    """The address of the page that shows the notes of a reservation, or of a property alone."""
    return addresses.page(reservation, property)


@register.simple_tag(takes_context=True)
def changeable(context, note):
    """Whether the user may change, delete and restore the note."""
    return editing.may_edit(context["request"].user, note)


@register.simple_tag
def marks(pieces):
    """HTML of the pairs of text and is-hit that `notes.search.hits` makes, with <mark> around the hits."""
    return format_html_join("", "{}", ((format_html(_MARK if is_hit else "{}", text),) for text, is_hit in pieces))


_MARK = "<mark>{}</mark>"


@register.filter
def is_unread_by(note, user):
    return not note.is_read_by(user)


@register.filter
def chip(note):
    """The CSS class for the colour of the note's status."""
    return CHIPS.get(note.shown_status, "is-past")


@register.filter
def why_no_text(note):
    """Why the note has no text, in words for people."""
    return note.get_failure_display() if note.status == Status.FAILED else NO_WORDS[note.is_audible]


@register.filter
def poll_milliseconds(note):
    age = (now() - note.queued_at).total_seconds()
    return POLL_MILLISECONDS if age < SLOW_AFTER_SECONDS else SLOW_POLL_MILLISECONDS


@register.filter
def clock(seconds):
    """`seconds` as minutes and whole seconds, rounded down: 7.98 is "0:07". None is "0:00"."""
    minutes, rest = divmod(int(seconds or 0), 60)
    return f"{minutes}:{rest:02}"


@register.filter
def progress_state(note):
    """The `state` of the note that a page shows, which its next poll sends back as `seen`."""
    return state(note)


@register.filter
def with_commas(numbers):
    """`[1, 2]` as "1,2". Django's `join` escapes each of the hundreds of numbers of a waveform."""
    return ",".join(map(str, numbers))


@register.simple_tag
def spoken(transcript):
    """HTML of a text, with a span for each segment and for each word whose time is known.

    It is made here and not by a template, which took a fifth of the time of the *Notes* page.
    """
    return SafeString("".join([_line(line) for line in lines(transcript)]))


def _line(line):
    words = "".join([f"{escape(gap)}{_word(word)}" for gap, word in line.words])
    return escape(line.before) + (f'<span class="line">{words}</span>' if words else "")


def _word(word):
    is_unsure, hint = (" unsure", ' title="Not sure about this one: listen to it"') if word.is_doubtful else ("", "")
    return f'<span class="w{is_unsure}" data-start="{word.start}"{hint}>{escape(word.text)}</span>'


@register.filter
def language_name(code):
    """The language's name in English; the code itself for a language that Django does not know."""
    try:
        return get_language_info(code)["name"]
    except KeyError:
        return code
