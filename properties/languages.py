"""The languages of voice notes: which ones a property may have, and which one the speech engine expects."""

from django.conf import settings

from config.language_names import NAMES

ENGLISH_ONLY = ".en"


def choices():
    """(ISO 639-1 code, English name) of each language, by name."""
    return sorted(NAMES.items(), key=lambda language: language[1])


def unless_said():
    """The label of the choice for a property without a language of its own, with the one of WHISPER_LANGUAGE."""
    language = NAMES.get(settings.WHISPER_LANGUAGE)
    return f"Site default: {language}" if language else "Whatever is spoken"


def can_be_chosen():
    """Whether the speech engine can transcribe other languages than English."""
    return settings.TRANSCRIPTION_ENGINE != "faster_whisper" or not settings.WHISPER_MODEL.endswith(ENGLISH_ONLY)


def spoken_language(property):
    """The language that the speech engine expects in a property's notes: ISO 639-1, or "" to detect it."""
    if not can_be_chosen():
        return "en"
    return property.language or settings.WHISPER_LANGUAGE
