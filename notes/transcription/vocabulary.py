"""Names that are likely to be spoken in a note, for the engine to expect."""

from django.conf import settings

from notes.models import Recording, VoiceNote

# More makes a model slower, and worse at everything else; terms of the site give way to names of the booking.
MOST_NAMES = 20


def vocabulary(spoken: VoiceNote | Recording) -> tuple[str, ...]:
    """The likeliest first, each once. Numbers of rooms are left out: any number may be spoken."""
    stay = spoken.reservation
    booking = [stay.guest.name, stay.unit and stay.unit.name] if stay else []
    named = [*booking, spoken.property.name, spoken.author.get_full_name(), *settings.VOCABULARY]
    names = dict.fromkeys(name for name in named if name and any(letter.isalpha() for letter in name))
    return tuple(names)[:MOST_NAMES]
