"""What was said, in words: by a machine, by people, or both."""

import math

from django.conf import settings as site
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from config import clock
from notes.models.voice_notes import VoiceNote

# A text in whose words the model believed less than this, on the (geometric) average, is as good as invented. 24 clips
# of English stayed above 0.60; four other languages that an English model wrote down, and English under as much
# noise as voice, below 0.45.
UNDERSTOOD = 0.5
FEWEST_WORDS = 3  # that say something about a text


class Transcript(models.Model):
    """What was said. `text` is what people read and may edit; `machine_text` is never changed by them."""

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
        return str(self.note_id)  # what was said belongs in no log and no list

    @property
    def is_edited(self):
        """By people, after it was first written; what is typed at once is no edit."""
        return self.edited_at is not None and self.edited_at != self.created_at

    @property
    def is_doubtful(self):
        """Another language, perhaps, or not understood, and nobody has said better."""
        if self.edited_at or self.rating == 1:
            return False
        words = [word for segment in self.segments for word in segment.get("words", ())]
        known = [math.log(max(word["probability"], 0.001)) for word in words if word.get("probability") is not None]
        return len(known) >= FEWEST_WORDS and sum(known) / len(known) < math.log(UNDERSTOOD)

    @property
    def is_language_assumed(self):
        """The model knows no other language, so that it did not ask which one is spoken."""
        return self.model.endswith(".en")

    @property
    def is_typed(self):
        """Written by people alone."""
        return not self.engine
