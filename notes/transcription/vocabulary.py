"""Names that are likely to be spoken in a note, for the engine to expect."""

from django.conf import settings

from notes.models import Recording, VoiceNote

# With more names a model is slower, and makes more errors in other words. VOCABULARY of the settings comes last.
MOST_NAMES = 20


def vocabulary(note: VoiceNote | Recording) -> tuple[str, ...]:
    """The names, the likeliest first, each once. Names without letters, such as room numbers, are left out."""
    stay = note.reservation
    booking = [stay.guest.name, stay.unit and stay.unit.name] if stay else []
    candidates = [*booking, note.property.name, note.author.get_full_name(), *settings.VOCABULARY]
    names = dict.fromkeys(name for name in candidates if name and any(letter.isalpha() for letter in name))
    return tuple(names)[:MOST_NAMES]
