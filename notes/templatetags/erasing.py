"""What managers see of retention and erasure on other pages: the guest's, and each note's row."""

from django import template
from django.conf import settings

from notes.erasure.of_guests import tally

register = template.Library()

# What a report says it counted, in the order of the page.
WORDS = {
    "notes": "voice notes",
    "audio": "audio files",
    "texts": "texts, with what they said before",
    "hearings": "marks of who has heard a note",
    "recordings": "recordings that were still coming in",
    "chunks": "pieces of their sound",
    "pieces": "pieces of their text",
    "queue_tasks": "tasks in the queue",
    "queue_results": "kept results of tasks",
}


@register.inclusion_tag("notes/guest_panel.html")
def guest_notes_panel(guest):
    """How many voice notes there are of a guest, and the way to save or erase them. Three queries."""
    return {"guest": guest, "tally": tally(guest)}


@register.filter
def may_expire(note):
    """Whether there is something of the note that retention would take one day."""
    has_text = hasattr(note, "transcript")
    return bool((settings.AUDIO_KEEP_DAYS and note.audio) or (settings.TEXT_KEEP_DAYS and has_text))


@register.filter
def in_words(counts):
    """[(words, count)] of a report."""
    return [(words, counts[kind]) for kind, words in WORDS.items() if counts.get(kind)]
