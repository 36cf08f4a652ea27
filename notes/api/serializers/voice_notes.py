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
    """Who has listened to or read a note, and when. Its author has no receipt."""

    user = PersonSerializer()
    at = serializers.DateTimeField(help_text="UTC, when it was the first time.")


class PlayedSerializer(ResponseSerializer):
    """The file that browsers can play and seek in: the audio itself or a rendition of it."""

    address = serializers.SerializerMethodField(
        help_text="The address of the file. It needs the same token and accepts Range."
    )
    media_type = serializers.ChoiceField(MEDIA_TYPES)
    size = serializers.IntegerField(help_text="The size in bytes.")
    sha256 = serializers.CharField(help_text="The SHA-256 of the file at `address`, in hexadecimal digits.")

    @extend_schema_field(serializers.URLField())
    def get_address(self, sound):
        return f"{_address(self, sound.note)}?played=true"


class GapSerializer(ResponseSerializer):
    """A place in the audio where something is missing."""

    at = serializers.FloatField(help_text="Seconds from the beginning of the audio.")
    seconds = serializers.FloatField(help_text="The length of the missing sound in seconds.")


class AudioSerializer(ResponseSerializer):
    """The audio of a note as it is stored."""

    address = serializers.SerializerMethodField(
        help_text="The address of the file. It needs the same token and accepts Range."
    )
    media_type = serializers.ChoiceField(MEDIA_TYPES)
    size = serializers.IntegerField(help_text="The size in bytes.")
    sha256 = serializers.CharField(help_text="The SHA-256 of the file at `address`, in hexadecimal digits.")
    upload_sha256 = serializers.CharField(
        help_text="The SHA-256 of the bytes that were sent, in hexadecimal digits. It differs from `sha256` if parts "
        "of a recording were joined to one file."
    )

    playable = serializers.ChoiceField(
        Playable.choices,
        help_text="Whether browsers can play the audio. `due` and `faint`: a rendition will be made. `unknown`: the "
        "audio has not been examined yet.",
    )
    played = serializers.SerializerMethodField(
        help_text="The file for browsers; null: it is not made yet, or browsers cannot play the audio."
    )
    promised_seconds = serializers.FloatField(
        allow_null=True,
        help_text="The length in seconds that the file's header names, if the file ends before that; else null.",
    )
    gaps = serializers.SerializerMethodField(help_text="Where the recorder was interrupted, in the order of the audio.")
    losses = serializers.SerializerMethodField(
        help_text="Where sound is missing because the file is damaged, in the order of the audio."
    )

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
    """A word as the engine has transcribed it."""

    start = serializers.FloatField(help_text="Seconds from the beginning of the audio.")
    end = serializers.FloatField(help_text="Seconds from the beginning of the audio.")
    text = serializers.CharField()
    probability = serializers.FloatField(
        allow_null=True,
        help_text="The engine's own probability that the word is right, from 0 to 1; null: it gives none.",
    )
    is_doubtful = serializers.BooleanField(
        help_text="The word is more often wrong than right, so that people should listen to it."
    )


class SegmentSerializer(ResponseSerializer):
    """A part of the text, as the speech model divides it."""

    start = serializers.FloatField(help_text="Seconds from the beginning of the audio.")
    end = serializers.FloatField(help_text="Seconds from the beginning of the audio.")
    text = serializers.CharField()
    words = WordSerializer(many=True, help_text="The words with their times; empty if the engine gives none.")


class ProgressSerializer(ResponseSerializer):
    """How far the transcription of a note has come."""

    done_seconds = serializers.FloatField(help_text="Seconds of the audio that are transcribed.")
    text = serializers.CharField(source="so_far", default="", help_text="The text of these seconds.")


class PieceOfTextSerializer(ResponseSerializer):
    """A part of an excerpt."""

    text = serializers.CharField()
    is_hit = serializers.BooleanField(help_text="This part is what was searched for.")


class HitSerializer(ResponseSerializer):
    """Where the search words are in the note."""

    seconds = serializers.FloatField(
        allow_null=True,
        help_text="Where the words are spoken, in seconds from the beginning of the audio; null: not known.",
    )
    text = serializers.SerializerMethodField(help_text="An excerpt of the text, in parts.")

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
        Status.choices,
        help_text="While it is uploading, queued or transcribing it will change by itself; the others are final.",
    )
    property = PropertyNameSerializer()
    reservation = serializers.CharField(
        source="reservation.reference",
        default=None,
        allow_null=True,
        help_text="The reference of the reservation; null: a hand-over note of the property.",
    )
    author = PersonSerializer()
    recorded_at = serializers.DateTimeField(help_text="UTC")
    seconds = serializers.FloatField(
        allow_null=True,
        help_text="The length of the audio in seconds; null: the note was typed, or the length is not known yet.",
    )
    text = serializers.CharField(
        source="written.text", allow_null=True, help_text="The text; null: there is none, or none yet."
    )
    is_edited = serializers.BooleanField(source="written.is_edited", help_text="Staff have edited the transcript.")
    edited_at = serializers.DateTimeField(source="written.edited_at", allow_null=True, help_text="UTC")
    edited_by = PersonSerializer(source="written.edited_by", allow_null=True)
    language = serializers.CharField(
        source="written.language", help_text="The language that was spoken, ISO 639-1; empty: not known."
    )
    is_language_assumed = serializers.BooleanField(
        source="written.is_language_assumed",
        help_text="The model knows only this language, so that it was not detected.",
    )
    is_doubtful = serializers.BooleanField(
        source="written.is_doubtful",
        help_text="The model doubts its own text: another language may be spoken, or the speech is unclear. false as "
        "soon as staff have edited the text.",
    )
    engine = serializers.CharField(
        source="written.engine",
        help_text="The transcription engine that wrote the text; empty: there is no text, or it was typed.",
    )
    model = serializers.CharField(source="written.model", help_text="The model of the engine.")
    failure = serializers.SerializerMethodField(
        help_text="Why the transcription has failed or is queued again; null: it has not failed."
    )
    failure_detail = serializers.SerializerMethodField(help_text="The same in words; empty: it has not failed.")
    progress = serializers.SerializerMethodField(help_text="How far the transcription has come; null: it has ended.")
    audio = serializers.SerializerMethodField(help_text="The audio; null: the note was typed, or its audio was erased.")
    is_damaged = serializers.BooleanField(help_text="A part of the audio could not be read.")
    is_recovered = serializers.BooleanField(
        help_text="The server saved the recording, because the browser stopped sending before it was saved."
    )
    is_read = serializers.SerializerMethodField(
        help_text="The user for whom the token acts has listened to or read the note. Reading a note through the API "
        "does not mark it as read."
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
    """A note that staff have spoken or typed, as a row of a list."""

    hit = HitSerializer(
        default=None, allow_null=True, help_text="What a search has found in the note; null: there was no search."
    )

    class Meta:
        list_serializer_class = VoiceNoteRows


class VoiceNoteSerializer(_NoteSerializer):
    """A note that staff have spoken or typed, on a reservation or as a hand-over note of a property."""

    peaks = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="The loudness of equal parts of the audio, from 0 to 100.",
    )
    segments = serializers.SerializerMethodField(
        help_text="What the engine has transcribed, without the edits of staff; empty: it found no words."
    )

    @extend_schema_field(SegmentSerializer(many=True))
    def get_segments(self, note):
        return [_segment(**segment) for segment in note.written.segments]


def _segment(start, end, text, words=(), **_):
    return {"start": start, "end": end, "text": text, "words": [_word(**word) for word in words]}


def _word(start, end, text, probability=None, **_):
    is_doubtful = probability is not None and probability < DOUBTFUL_BELOW
    return {"start": start, "end": end, "text": text, "probability": probability, "is_doubtful": is_doubtful}
