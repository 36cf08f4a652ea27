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
        choices=["-recorded_at", "recorded_at"], default="-recorded_at", help_text="A minus in front: the newest first."
    )
    fields = fields_of(VoiceNoteRowSerializer)


class VoiceNotesQuerySerializer(AttachedNotesQuerySerializer):
    q = Text(
        required=False,
        max_length=200,
        help_text="Words in the text, in the guest's name or in the reference, in part, blind to accents and case. The "
        "best come first, whatever `ordering` says, and each with its `hit`.",
    )
    property = Key(required=False, help_text="There, for whoever comes next or on a reservation.")
    reservation = Text(required=False, max_length=20, help_text="Its reference, such as RT-7K3QX.")
    author = Key(required=False)
    status = Choice(choices=Status.choices, required=False)
    kind = Choice(choices=["spoken", "typed"], required=False)
    since = _DayOfOurTime(required=False, help_text="Said on this local day of the property or later.")
    until = _DayOfOurTime(required=False, help_text="Said on this local day of the property or earlier.")
    unread = YesNo(default=False, help_text="Only notes that the user for whom the token acts has not read.")


class SoundQuerySerializer(QuerySerializer):
    played = YesNo(default=False, help_text="What browsers play in its place, if that is another file.")


class OneNoteQuerySerializer(QuerySerializer):
    wait = Whole(
        min_value=0,
        max_value=LONGEST_WAIT,
        default=0,
        help_text="Seconds to wait for a note that is not done yet: answered as soon as it is, or after them as it is.",
    )


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class FileOfAnyKind(serializers.FileField):
    """Its content is checked by `notes.ingest.intake`, where an empty file has an error of its own."""

    def __init__(self, **options):
        super().__init__(allow_empty_file=True, **options)


class RecordingSerializer(FormRequestSerializer):
    """A form with a file."""

    audio_file = FileOfAnyKind(
        help_text="A file with sound only, as telephones, messengers, telephone systems, dictation machines, browsers "
        "and computers write it: M4A, MP3, WAV, WMA, AMR, 3GP, CAF, AIFF, FLAC, Ogg, Opus, WebM and others. Its "
        "content counts, not its name or media type.",
        error_messages={
            "invalid": "Send a file here: a part of the form that has a file name.",
            "no_name": "Give this part of the form a file name; which one does not matter.",
        },
    )


class TypedNoteSerializer(RequestSerializer):
    """A note that is typed."""

    text = Text(paragraphs=True, max_length=LONGEST_TEXT, help_text="What the others should know.")
