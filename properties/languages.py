"""Which languages may be spoken in a property, and which one is expected there."""

from django.conf import settings

from config.language_names import NAMES

ENGLISH_ONLY = ".en"


def choices():
    """For a select: by name."""
    return sorted(NAMES.items(), key=lambda language: language[1])


def unless_said():
    """The label of the empty choice: what WHISPER_LANGUAGE says for all properties without a language of their own."""
    language = NAMES.get(settings.WHISPER_LANGUAGE)
    return f"Site default: {language}" if language else "Whatever is spoken"


def can_be_chosen():
    """Whether the speech engine knows more than English."""
    return settings.TRANSCRIPTION_ENGINE != "faster_whisper" or not settings.WHISPER_MODEL.endswith(ENGLISH_ONLY)


def spoken_language(property):
    """What the engine is told to expect in a property's notes: ISO 639-1, or "" for whatever is spoken."""
    if not can_be_chosen():
        return "en"
    return property.language or settings.WHISPER_LANGUAGE
