"""Transcripts, written by a machine, by people, or by both."""

import math

from django.conf import settings as site
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from config import clock
from notes.models.voice_notes import VoiceNote

# A text is doubtful when the geometric mean of its words' probabilities is below this. Measured: 24 clips of English
# were above 0.60; speech in four other languages transcribed by an English model, and English with as much noise as
# voice, below 0.45.
UNDERSTOOD = 0.5
FEWEST_WORDS = 3  # of a text that is judged


class Transcript(models.Model):
    """The text of a note. `text` is what people read and may edit; `machine_text` is what the engine wrote."""

    note = models.OneToOneField(VoiceNote, on_delete=models.CASCADE, primary_key=True, related_name="transcript")
    text = models.TextField(blank=True)
    machine_text = models.TextField(blank=True)
    earlier_text = models.TextField(
        blank=True, help_text="the machine's text before a later pass changed it: still found, no longer shown"
    )
    segments = models.JSONField(
        default=list,
        help_text='[{"start", "end", "text", "words": [{"start", "end", "text", "probability"}]}], in seconds',
    )
    language = models.CharField(max_length=8, blank=True, help_text="ISO 639-1, as spoken")
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=120)
    version = models.CharField(max_length=40, blank=True, help_text="of the engine")
    settings = models.JSONField(default=dict, help_text="what the engine was told")
    audio_sha256 = models.CharField(max_length=64, blank=True, help_text="hex, of the audio that was transcribed")
    audio_seconds = models.FloatField(null=True, help_text="of that audio, by decoded samples")
    took_seconds = models.FloatField(help_text="the engine's own work")
    from_pieces = models.BooleanField(
        default=False, help_text="heard while it was spoken; a pass over the whole recording may know better"
    )
    passes = models.PositiveSmallIntegerField(default=0, help_text="attempts at that pass")
    rating = models.SmallIntegerField(null=True, help_text="1 or -1, as staff found the machine's text")
    rated_by = models.ForeignKey(site.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    search = models.GeneratedField(
        expression=models.Func("text", "earlier_text", function="note_search"),
        output_field=models.TextField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(default=clock.now, help_text="UTC")
    edited_at = models.DateTimeField(null=True, help_text="UTC")
    edited_by = models.ForeignKey(site.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="transcript_by_part_of_text")]
        constraints = [
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__in=(-1, 1)), name="transcript_rating_known"),
            models.CheckConstraint(
                condition=Q(edited_at=None, text=F("machine_text")) | Q(edited_at__isnull=False),
                name="transcript_differs_only_when_edited",
            ),
        ]

    def __str__(self):
        return str(self.note_id)  # and not the text, which must not get into logs

    @property
    def is_edited(self):
        """Whether people have changed the text since it was first written. Typing a note is no edit of it."""
        return self.edited_at is not None and self.edited_at != self.created_at

    @property
    def is_doubtful(self):
        """Whether the text may be in another language or was not understood, and nobody has edited or approved it."""
        if self.edited_at or self.rating == 1:
            return False
        words = [word for segment in self.segments for word in segment.get("words", ())]
        known = [math.log(max(word["probability"], 0.001)) for word in words if word.get("probability") is not None]
        return len(known) >= FEWEST_WORDS and sum(known) / len(known) < math.log(UNDERSTOOD)

    @property
    def is_language_assumed(self):
        """Whether the model knows one language only, so that `language` was not detected."""
        return self.model.endswith(".en")

    @property
    def is_typed(self):
        """Whether no machine has written any of it."""
        return not self.engine
