"""Query strings and request bodies about voice notes."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import Choice, Day, Key, Text, Whole, YesNo
from api.serializers import FormRequestSerializer, ListQuerySerializer, QuerySerializer, RequestSerializer, fields_of
from notes.api.serializers.voice_notes import VoiceNoteRowSerializer
from notes.filter_forms import FIRST_DAY, LAST_DAY
from notes.models import Status

# Seconds that a request may wait for its note's text.
LONGEST_WAIT = 20
LONGEST_TEXT = 20_000


class _DayOfOurTime(Day):
    """A day outside [FIRST_DAY, LAST_DAY] is replaced by the nearer of the two: no notes are older or newer."""

    def to_internal_value(self, value):
        return min(max(super().to_internal_value(value), FIRST_DAY), LAST_DAY)


class AttachedNotesQuerySerializer(ListQuerySerializer):
    ordering = Choice(
        choices=["-recorded_at", "recorded_at"],
        default="-recorded_at",
        help_text="`-recorded_at`: the newest first; `recorded_at`: the oldest first.",
    )
    fields = fields_of(VoiceNoteRowSerializer)


class VoiceNotesQuerySerializer(AttachedNotesQuerySerializer):
    q = Text(
        required=False,
        max_length=200,
        help_text="Parts of words in the text, in the guest's name or in the reference, without regard to accents and "
        "case. The best results come first, `ordering` is ignored, and each row has its `hit`.",
    )
    property = Key(
        required=False, help_text="The id of a property: its hand-over notes and the notes on its reservations."
    )
    reservation = Text(
        required=False, max_length=20, help_text="Only notes on the reservation with this reference, such as RT-7K3QX."
    )
    author = Key(required=False)
    status = Choice(choices=Status.choices, required=False)
    kind = Choice(choices=["spoken", "typed"], required=False)
    since = _DayOfOurTime(
        required=False, help_text="Only notes recorded on this local date of their property or later."
    )
    until = _DayOfOurTime(
        required=False, help_text="Only notes recorded on this local date of their property or earlier."
    )
    unread = YesNo(default=False, help_text="Only notes that the user for whom the token acts has not read.")


class SoundQuerySerializer(QuerySerializer):
    played = YesNo(default=False, help_text="true: the rendition that browsers play, if there is one.")


class OneNoteQuerySerializer(QuerySerializer):
    wait = Whole(
        min_value=0,
        max_value=LONGEST_WAIT,
        default=0,
        help_text="The most seconds to wait for a note whose transcription has not ended. The response comes as soon "
        "as it has ended, or after this time with the note as it is then.",
    )


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class FileOfAnyKind(serializers.FileField):
    """Its content is checked by `notes.ingest.intake`, where an empty file has an error of its own."""

    def __init__(self, **options):
        super().__init__(allow_empty_file=True, **options)


class RecordingSerializer(FormRequestSerializer):
    """A form (multipart/form-data) with an audio file."""

    audio_file = FileOfAnyKind(
        help_text="A file with sound and no pictures, as telephones, messengers, telephone systems, dictation "
        "machines, browsers and computers write it: M4A, MP3, WAV, WMA, AMR, 3GP, CAF, AIFF, FLAC, Ogg, Opus, "
        "WebM and others. The format is found from its content, not from its name or media type.",
        error_messages={
            "invalid": "Send a file here: a part of the form that has a file name.",
            "no_name": "Give this part of the form a file name; which one does not matter.",
        },
    )


class TypedNoteSerializer(RequestSerializer):
    """A typed note."""

    text = Text(paragraphs=True, max_length=LONGEST_TEXT, help_text="The text of the note.")
