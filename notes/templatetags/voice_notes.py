"""How a note's times, status and words are written."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_info

from config.clock import now
from notes import addresses
from notes.models import Status
from notes.progress import state
from notes.spoken import lines

register = template.Library()

# Milliseconds between two looks at a pending note that the server answers at once. One that is young is waited for.
# After the first minute something is slow, and nobody is helped by haste.
LOOK_EVERY, LOOK_LATER_EVERY, IMPATIENT_SECONDS = 700, 5000, 60

CHIPS = {
    Status.TRANSCRIBING: "is-held",
    Status.TRANSCRIBED: "is-inhouse",
    Status.TYPED: "is-confirmed",
    Status.NO_SPEECH: "is-held",
    Status.FAILED: "is-problem",
}


NO_WORDS = {
    True: "There is sound, but no words were found.",
    False: "The recording is silent.",
    None: "No words were found in the recording.",
}


@register.simple_tag
def notes_action(verb, reservation=None, property=None):
    """Where something is done with the notes of a reservation, or of a property alone."""
    return addresses.action(verb, reservation, property)


@register.simple_tag
def notes_page(reservation=None, property=None):
    """Where the notes of a reservation, or of a property alone, are shown."""
    return addresses.page(reservation, property)


@register.simple_tag
def marks(pieces):
    """Pieces of a text as `hits` cuts them, those that were found marked."""
    return format_html_join("", "{}", ((format_html(_MARK if is_hit else "{}", text),) for text, is_hit in pieces))


_MARK = "<mark>{}</mark>"


@register.filter
def is_unread_by(note, user):
    return not note.is_read_by(user)


@register.filter
def chip(note):
    """The colour class that goes with the status' word."""
    return CHIPS.get(note.shown_status, "is-past")


@register.filter
def why_no_text(note):
    """In words; a recording that sounds is not called silent."""
    return note.get_failure_display() if note.status == Status.FAILED else NO_WORDS[note.is_audible]


@register.filter
def look_every(note):
    age = (now() - note.queued_at).total_seconds()
    return LOOK_EVERY if age < IMPATIENT_SECONDS else LOOK_LATER_EVERY


@register.filter
def clock(seconds):
    """Whole seconds as a recorder counts them: 7.98 is "0:07"."""
    minutes, rest = divmod(int(seconds or 0), 60)
    return f"{minutes}:{rest:02}"


@register.filter
def look(note):
    """What a page that shows the note has seen of it."""
    return state(note)


@register.filter
def spoken_lines(transcript):
    return lines(transcript)


@register.filter
def language_name(code):
    """In English; the code itself for a language that has no name here."""
    try:
        return get_language_info(code)["name"]
    except KeyError:
        return code
