"""What pages say about retention and erasure."""

from django import template
from django.conf import settings

register = template.Library()

# What a report says it counted, in the order of the page.
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
    """Whether there is something of the note that retention would take one day."""
    has_text = hasattr(note, "transcript")
    return bool((settings.AUDIO_KEEP_DAYS and note.audio) or (settings.TEXT_KEEP_DAYS and has_text))


@register.filter
def in_words(counts):
    """[(words, count)] of a report."""
    return [(words, counts[kind]) for kind, words in WORDS.items() if counts.get(kind)]
