"""A recording while it comes in: its audio in chunks, and its text in pieces.

Both are in the database, so that any web server can take the next chunk, any worker can transcribe, and a chunk that
was acknowledged has been committed. The note that is made of a recording has the same key.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from config import clock
from config.computed import computed
from notes.leases import Leasable, LeasableQuerySet, is_leased
from properties.models import Property
from reservations.models import Reservation

# After so many attempts in a row without a piece, nothing is transcribed until the note is saved, and then all at once.
MAX_FAILURES = 2


class RecordingQuerySet(LeasableQuerySet):
    def untranscribed(self):
        """Those that were stopped, and of which a part has still to be transcribed."""
        return self.filter(stopped_at__isnull=False, is_transcribed=False, attempts__lt=MAX_FAILURES)

    def text_expected(self, now):
        """Those whose pieces are complete at `now` or are still made: their saved note need not be transcribed."""
        return self.filter(Q(is_transcribed=True) | Q(attempts__lt=MAX_FAILURES) | is_leased(now))


class Recording(Leasable):
    # The browser makes the key; it becomes the note's.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    reservation = models.ForeignKey(Reservation, null=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now, help_text="UTC")
    last_chunk_at = models.DateTimeField(default=clock.now, help_text="UTC")
    stopped_at = models.DateTimeField(null=True, help_text="UTC; nothing more is expected")
    recovered_at = models.DateTimeField(null=True, help_text="UTC; when a note was last made of it without its browser")
    refusal = models.CharField(
        max_length=20, blank=True, default="", help_text="code of AudioRefused: why no note can be made of it"
    )

    chunks_received = models.PositiveIntegerField(default=0, help_text="the index that is expected next")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes of all chunks")
    seconds = models.FloatField(default=0, help_text="the recorder's own clock, without pauses")

    transcribed_seconds = models.FloatField(default=0, help_text="there are pieces of text up to here")
    look_at_seconds = models.FloatField(
        default=0, help_text="when there is this much sound, a worker looks for a piece"
    )
    is_transcribed = models.BooleanField(default=False, help_text="stopped, and its pieces are all of it")
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="in a row without a piece; counted before the work"
    )

    objects = RecordingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["last_chunk_at"], name="recording_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_transcribed=False) | Q(stopped_at__isnull=False), name="recording_transcribed_is_stopped"
            ),
            models.CheckConstraint(
                condition=Q(claim=None) | Q(lease_until__isnull=False), name="recording_claim_has_a_lease"
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @computed
    def text(self):
        """The text of its pieces so far."""
        return " ".join(piece.text for piece in self.pieces.all() if piece.text)


class Chunk(models.Model):
    """A part of what a browser recorded. Only all chunks of a segment together, in order, are a sound file."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField(help_text="from 0, without gaps")
    segment = models.PositiveSmallIntegerField(default=0, help_text="one more when the recorder was restarted")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64, help_text="hex")

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["recording", "index"], name="chunk_once")]

    def __str__(self):
        return f"{self.recording_id} {self.index}"


class Piece(models.Model):
    """The transcript of a part between two pauses; it is never changed. Times are in seconds of the whole recording."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="pieces")
    index = models.PositiveIntegerField(help_text="from 0, without gaps")
    start = models.FloatField()
    end = models.FloatField(help_text="where the next piece starts")
    segments = models.JSONField(default=list, help_text="as in a transcript")
    language = models.CharField(max_length=8, blank=True, help_text="ISO 639-1, as spoken")
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=120)
    version = models.CharField(max_length=40, blank=True)
    settings = models.JSONField(default=dict)
    took_seconds = models.FloatField(default=0)
    loudness = models.JSONField(default=list, help_text="of equal slices, see notes.sound.waveform")
    is_damaged = models.BooleanField(default=False)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["recording", "index"], name="piece_once")]

    def __str__(self):
        return f"{self.recording_id} {self.index}"

    @computed
    def text(self):
        return " ".join(segment["text"] for segment in self.segments)
