"""Languages that may be spoken in a property, as Whisper knows them: ISO 639-1, three letters where that has none."""

from django.conf import settings

NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani", "ba": "Bashkir",
    "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan", "br": "Breton", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fo": "Faroese",
    "fr": "French", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "haw": "Hawaiian", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "jw": "Javanese", "ka": "Georgian",
    "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "la": "Latin", "lb": "Luxembourgish",
    "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy", "mi": "Maori",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese",
    "my": "Myanmar", "ne": "Nepali", "nl": "Dutch", "nn": "Nynorsk", "no": "Norwegian", "oc": "Occitan",
    "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sa": "Sanskrit", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sn": "Shona",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish",
    "tt": "Tatar", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish",
    "yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese",
}  # fmt: skip
_CODES = {name.casefold(): code for code, name in NAMES.items()}
ENGLISH_ONLY = ".en"


def choices():
    """For a select: by name."""
    return sorted(NAMES.items(), key=lambda language: language[1])


def unless_said():
    """The label of the empty choice: what WHISPER_LANGUAGE says for all properties without a language of their own."""
    language = NAMES.get(settings.WHISPER_LANGUAGE)
    return f"As everywhere: {language}" if language else "Whatever is spoken"


def can_be_chosen():
    """Whether the speech engine knows more than English."""
    return settings.TRANSCRIPTION_ENGINE != "faster_whisper" or not settings.WHISPER_MODEL.endswith(ENGLISH_ONLY)


def spoken_language(property):
    """What the engine is told to expect in a property's notes: ISO 639-1, or "" for whatever is spoken."""
    if not can_be_chosen():
        return "en"
    return property.language or settings.WHISPER_LANGUAGE


def code_of(language):
    """ "en" for "en" and for "English"; "" for what is neither."""
    lowered = language.strip().casefold()
    return lowered if lowered in NAMES else _CODES.get(lowered, "")
