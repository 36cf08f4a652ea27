"""The panel for a reservation's page, and how a note's times, status and words are written."""

from django import template
from django.utils import timezone

from notes.hearing import unheard_by_reservation
from notes.models import Status, VoiceNote
from notes.panel import panel

register = template.Library()

# A word that the model gave less than this was more often wrong than right.
DOUBTFUL_BELOW = 0.5
# Milliseconds between two looks at a pending note: the text of a short note is there in about a second.
# After the first minute something is slow, and nobody is helped by haste.
LOOK_EVERY, LOOK_LATER_EVERY, IMPATIENT_SECONDS = 700, 5000, 60

# As many as a glance takes in.
LATEST = 6

CHIPS = {
    Status.TRANSCRIBING: "is-held",
    Status.TRANSCRIBED: "is-inhouse",
    Status.NO_SPEECH: "is-held",
    Status.FAILED: "is-problem",
}


@register.inclusion_tag("notes/panel.html", takes_context=True)
def voice_notes_panel(context, reservation):
    """The whole panel: recorder, upload, and the reservation's notes, newest first."""
    request = context["request"]
    return {"request": request} | panel(reservation=reservation, user=request.user)


@register.inclusion_tag("notes/latest.html", takes_context=True)
def latest_voice_notes(context):
    """What the shift said lately, on whatever reservation. Two queries."""
    notes = VoiceNote.objects.kept().newest_first().with_text().with_hearings()
    return {"request": context["request"], "notes": notes[:LATEST]}


@register.simple_tag
def latest_note(reservation):
    """The newest note on a reservation, with its text and who has heard it; None if there is none. Two queries."""
    return VoiceNote.objects.kept().newest_first().with_text().with_hearings().filter(reservation=reservation).first()


@register.simple_tag(takes_context=True)
def unheard(context, *reservations):
    """`{% unheard list another as counts %}`: for each reservation of the lists the notes its reader has not heard.

    The lists hold reservations or their keys. One query; show a count with `{% unheard_badge counts reservation.pk %}`.
    """
    keys = [getattr(reservation, "pk", reservation) for each in reservations for reservation in each]
    return unheard_by_reservation(keys, context["request"].user)


@register.inclusion_tag("notes/unheard.html")
def unheard_badge(counts, reservation_id):
    return {"count": counts.get(reservation_id, 0)}


@register.filter
def is_unheard_by(note, user):
    return not note.is_heard_by(user)


@register.filter
def chip(note):
    """The colour class that goes with the status' word."""
    return CHIPS.get(note.status, "is-past")


@register.filter
def look_every(note):
    age = (timezone.now() - note.queued_at).total_seconds()
    return LOOK_EVERY if age < IMPATIENT_SECONDS else LOOK_LATER_EVERY


@register.filter
def clock(seconds):
    """Whole seconds as a recorder counts them: 7.98 is "0:07"."""
    minutes, rest = divmod(int(seconds or 0), 60)
    return f"{minutes}:{rest:02}"


@register.filter
def spoken_words(transcript):
    """The text in pairs: what stands before a word, and the word with its time, or None after the last one.

    All of the text is in them, whether or not a word is found in it. When people have changed it, no word is;
    engines without times for words give segments, which are sought just as well.
    """
    pairs, position = [], 0
    for word in _timed(transcript):
        start = transcript.text.find(word["text"], position)
        if start >= 0:
            pairs.append((transcript.text[position:start], word))
            position = start + len(word["text"])
    return [*pairs, (transcript.text[position:], None)]


def _timed(transcript):
    if transcript.text != transcript.machine_text:
        return []
    return [word for segment in transcript.segments for word in segment.get("words") or [segment]]


@register.filter
def is_doubtful(word):
    probability = word.get("probability")
    return probability is not None and probability < DOUBTFUL_BELOW
