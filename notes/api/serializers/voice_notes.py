"""Voice notes, as they are shown: with their text, and with the address of their sound."""

from types import SimpleNamespace

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from api.serializers import ResponseSerializer
from notes.models import Failure, Playable, Status
from notes.playback import played
from notes.progress import add_progress
from notes.sound.containers import MEDIA_TYPES
from notes.spoken import DOUBTFUL_BELOW
from properties.api.serializers import PropertyNameSerializer


class PersonSerializer(ResponseSerializer):
    """A member of staff, or an integration."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class ReadReceiptSerializer(ResponseSerializer):
    """A member of staff who has heard or read a note. Its author needs no receipt."""

    user = PersonSerializer()
    at = serializers.DateTimeField(help_text="UTC; the first time.")


class PlayedSerializer(ResponseSerializer):
    """What browsers play, and find any place in."""

    address = serializers.SerializerMethodField(help_text="Needs the same token; answers ranges.")
    media_type = serializers.ChoiceField(MEDIA_TYPES)
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField(help_text="Hex, of the bytes at `address`.")

    @extend_schema_field(serializers.URLField())
    def get_address(self, sound):
        return f"{_address(self, sound.note)}?played=true"


class GapSerializer(ResponseSerializer):
    """A place in the sound where something is missing."""

    at = serializers.FloatField(help_text="seconds into the sound")
    seconds = serializers.FloatField(help_text="that are missing")


class AudioSerializer(ResponseSerializer):
    """The sound as it is kept."""

    address = serializers.SerializerMethodField(help_text="Needs the same token; answers ranges.")
    media_type = serializers.ChoiceField(MEDIA_TYPES)
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField(help_text="Hex, of the bytes at `address`.")
    upload_sha256 = serializers.CharField(
        help_text="Hex, of the bytes that were sent: other ones where parts of a recording were put together."
    )

    playable = serializers.ChoiceField(
        Playable.choices,
        help_text="`due` and `faint` end by themselves; `unknown` is from before this was asked, and ends in time.",
    )
    played = serializers.SerializerMethodField(help_text="null: not yet, or browsers cannot play it.")
    promised_seconds = serializers.FloatField(
        allow_null=True, help_text="What the file says it is long, where it ends before; else null."
    )
    gaps = serializers.SerializerMethodField(help_text="Where the recorder was held up; in order.")
    losses = serializers.SerializerMethodField(help_text="Where the file is damaged, and sound is missing; in order.")

    @extend_schema_field(serializers.URLField())
    def get_address(self, note):
        return _address(self, note)

    @extend_schema_field(PlayedSerializer(allow_null=True))
    def get_played(self, note):
        return PlayedSerializer(played(note), context=self.context).data if note.is_playable else None

    @extend_schema_field(GapSerializer(many=True))
    def get_gaps(self, note):
        return _gaps(note.gaps)

    @extend_schema_field(GapSerializer(many=True))
    def get_losses(self, note):
        return _gaps(note.losses)


def _gaps(pairs):
    return [{"at": at, "seconds": seconds} for at, seconds in pairs]


def _address(serializer, note):
    return reverse("api-voice-note-audio", [note.pk], request=serializer.context.get("request"))


class WordSerializer(ResponseSerializer):
    """A word as it was heard."""

    start = serializers.FloatField(help_text="seconds into the sound")
    end = serializers.FloatField(help_text="seconds into the sound")
    text = serializers.CharField()
    probability = serializers.FloatField(allow_null=True, help_text="0 to 1, as the engine says it")
    is_doubtful = serializers.BooleanField(help_text="More often wrong than right: listen to it.")


class SegmentSerializer(ResponseSerializer):
    """What was said in one breath."""

    start = serializers.FloatField(help_text="seconds into the sound")
    end = serializers.FloatField(help_text="seconds into the sound")
    text = serializers.CharField()
    words = WordSerializer(many=True, help_text="Empty where the engine has no times for words.")


class ProgressSerializer(ResponseSerializer):
    """How far a note is that has no text yet."""

    done_seconds = serializers.FloatField(help_text="of its sound")
    text = serializers.CharField(source="so_far", default="", help_text="as far as that")


class PieceOfTextSerializer(ResponseSerializer):
    """Of a text, in which what was looked for is marked."""

    text = serializers.CharField()
    is_hit = serializers.BooleanField(help_text="It is what was looked for.")


class HitSerializer(ResponseSerializer):
    """Why a search found the note."""

    seconds = serializers.FloatField(allow_null=True, help_text="Into the sound, where it is spoken; null: not known.")
    text = serializers.SerializerMethodField(help_text="The words around it, in order.")

    @extend_schema_field(PieceOfTextSerializer(many=True))
    def get_text(self, hit):
        return [{"text": text, "is_hit": is_hit} for text, is_hit in hit.earlier or hit.text]


# Used in place of a transcript for notes without one.
_NO_TRANSCRIPT = SimpleNamespace(
    text=None,
    is_edited=False,
    edited_at=None,
    edited_by=None,
    language="",
    is_language_assumed=False,
    is_doubtful=False,
    engine="",
    model="",
    segments=[],
)


class VoiceNoteRows(serializers.ListSerializer):
    def to_representation(self, notes):
        add_progress(notes)
        return super().to_representation(notes)


class _NoteSerializer(ResponseSerializer):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(
        Status.choices, help_text="uploading, queued and transcribing end by themselves; the others stay."
    )
    property = PropertyNameSerializer()
    reservation = serializers.CharField(
        source="reservation.reference", default=None, allow_null=True, help_text="null: for whoever works there next"
    )
    author = PersonSerializer()
    recorded_at = serializers.DateTimeField(help_text="UTC")
    seconds = serializers.FloatField(allow_null=True, help_text="of the sound; null: typed, or not known yet")
    text = serializers.CharField(
        source="written.text", allow_null=True, help_text="What people read; null: none, or not yet."
    )
    is_edited = serializers.BooleanField(
        source="written.is_edited", help_text="People have changed what the machine wrote."
    )
    edited_at = serializers.DateTimeField(source="written.edited_at", allow_null=True, help_text="UTC")
    edited_by = PersonSerializer(source="written.edited_by", allow_null=True)
    language = serializers.CharField(source="written.language", help_text="ISO 639-1, as spoken; empty: not known")
    is_language_assumed = serializers.BooleanField(
        source="written.is_language_assumed", help_text="The model knows this language only, and did not look."
    )
    is_doubtful = serializers.BooleanField(
        source="written.is_doubtful",
        help_text="The text may be in another language, or was not understood; false once people edited it.",
    )
    engine = serializers.CharField(
        source="written.engine", help_text="What wrote the text; empty: nothing did, or people."
    )
    model = serializers.CharField(source="written.model", help_text="of the engine")
    failure = serializers.SerializerMethodField(help_text="Why it failed, or is queued again; null: it did not.")
    failure_detail = serializers.SerializerMethodField(help_text="The same in words; empty: it did not.")
    progress = serializers.SerializerMethodField(help_text="null: it is done.")
    audio = serializers.SerializerMethodField(help_text="null: it was typed, or its audio was erased.")
    is_damaged = serializers.BooleanField(help_text="Some of the sound could not be read.")
    is_recovered = serializers.BooleanField(help_text="Saved by the server, after its browser had gone away.")
    is_read = serializers.SerializerMethodField(
        help_text="By the user for whom the token acts. Reading a note through the API does not mark it as read."
    )
    read_by = ReadReceiptSerializer(source="read_receipts", many=True)

    def to_representation(self, note):
        note.written = getattr(note, "transcript", _NO_TRANSCRIPT)
        return super().to_representation(note)

    @extend_schema_field(serializers.ChoiceField(Failure.choices, allow_null=True))
    def get_failure(self, note):
        return note.failure or None

    def get_failure_detail(self, note) -> str:
        return note.get_failure_display()

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, note):
        return ProgressSerializer(note).data if note.is_pending else None

    @extend_schema_field(AudioSerializer(allow_null=True))
    def get_audio(self, note):
        return AudioSerializer(note, context=self.context).data if note.audio else None

    def get_is_read(self, note) -> bool:
        return note.is_read_by(self.context["request"].user)


class VoiceNoteRowSerializer(_NoteSerializer):
    """What staff said or typed, in a list."""

    hit = HitSerializer(default=None, allow_null=True, help_text="Of a search; else null.")

    class Meta:
        list_serializer_class = VoiceNoteRows


class VoiceNoteSerializer(_NoteSerializer):
    """What staff said or typed, on a reservation or for whoever works at a property next."""

    peaks = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="Loudness of equal slices, 0 to 100."
    )
    segments = serializers.SerializerMethodField(
        help_text="As the machine heard it, whatever people made of the text; empty: it heard nothing."
    )

    @extend_schema_field(SegmentSerializer(many=True))
    def get_segments(self, note):
        return [_segment(**segment) for segment in note.written.segments]


def _segment(start, end, text, words=(), **_):
    return {"start": start, "end": end, "text": text, "words": [_word(**word) for word in words]}


def _word(start, end, text, probability=None, **_):
    is_doubtful = probability is not None and probability < DOUBTFUL_BELOW
    return {"start": start, "end": end, "text": text, "probability": probability, "is_doubtful": is_doubtful}
