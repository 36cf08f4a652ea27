"""Template filters for retention and erasure."""

from django import template
from django.conf import settings

register = template.Library()

# Labels of a report's counts, in the order in which the page shows them.
WORDS = {
    "notes": "voice notes",
    "audio": "audio files",
    "texts": "texts, with what they said before",
    "read_receipts": "read receipts",
    "recordings": "recordings that were still coming in",
    "chunks": "pieces of their sound",
    "pieces": "pieces of their text",
    "queue_tasks": "tasks in the queue",
    "queue_results": "kept results of tasks",
}


@register.filter
def may_expire(note):
    """Whether retention will one day erase the note's audio or text."""
    has_text = hasattr(note, "transcript")
    return bool((settings.AUDIO_KEEP_DAYS and note.audio) or (settings.TEXT_KEEP_DAYS and has_text))


@register.filter
def in_words(counts):
    """The counts of a report that are not 0, as pairs of label and count."""
    return [(words, counts[kind]) for kind, words in WORDS.items() if counts.get(kind)]
