"""Voice notes, about a reservation or for whoever works at a property next, and their read receipts."""

import datetime as dt
import uuid
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import Action, limited
from config import clock
from config.computed import computed
from notes.leases import Leasable, LeasableQuerySet
from notes.models.attachment import attached_to
from notes.sound.containers import Container
from properties.models import Property
from reservations.models import Reservation


class Status(models.TextChoices):
    UPLOADING = "uploading", "Uploading"
    QUEUED = "queued", "Queued"
    TRANSCRIBING = "transcribing", "Transcribing"
    TRANSCRIBED = "transcribed", "Transcribed"
    NO_SPEECH = "no_speech", "No words found"
    FAILED = "failed", "Could not transcribe"
    TYPED = "typed", "Typed"  # by hand, without any sound


# The lowest loudest bar of a waveform with audible sound; -60 dBFS, a quiet room, has this height.
AUDIBLE_PEAK = 5

# States that end without anybody doing something; a page that shows such a note polls it.
PENDING = (Status.UPLOADING, Status.QUEUED, Status.TRANSCRIBING)


class Playable(models.TextChoices):
    """Whether browsers can play the audio and seek in it, or a rendition of it."""

    UNKNOWN = "unknown", "Kept before this was asked"
    ITSELF = "itself", "The audio itself is played"
    DUE = "due", "A rendition is to be made"
    FAINT = "faint", "A rendition that is heard better is to be made"
    RENDERED = "rendered", "Its rendition is played"
    FAILED = "failed", "No rendition could be made"


class Failure(models.TextChoices):
    """Why a note has no text. The label is shown to people; the audio is kept in each case."""

    UNREADABLE = "unreadable", "The recording is damaged and no sound could be read from it."
    TOO_LONG = "too_long", "The recording is longer than is allowed here."
    NO_MODEL = "no_model", "The transcription model could not be loaded."
    TIMED_OUT = "timed_out", "The transcription took too long."
    INTERRUPTED = "interrupted", "The transcription was interrupted again and again."
    ENGINE = "engine", "The transcription stopped with an error."
    CRASHED = "crashed", "The transcription crashed on this recording."
    OUT_OF_MEMORY = "memory", "The transcription needs more memory than this machine has."
    UNREACHABLE = "unreachable", "The transcription service could not be reached."
    REFUSED = "refused", "The transcription service refused this recording."
    UNDONE = "undone", "The recording was taken back before its text was written."


class VoiceNoteQuerySet(LeasableQuerySet):
    def not_deleted(self):
        return self.filter(deleted_at=None)

    def visible_to(self, actor, action=Action.LISTEN):
        """The notes at properties where `actor` may do `action`; to hear and read them is one of its own."""
        return limited(self, actor, by="property", action=action)

    def attached_to(self, reservation=None, property=None):
        """Those about the reservation, or those about the property and none of its reservations."""
        return self.filter(**attached_to(reservation, property))

    def hand_over(self):
        """Those about a property and no reservation."""
        return self.filter(reservation=None)

    def about_stays(self):
        return self.exclude(reservation=None)

    def typed(self):
        return self.filter(status=Status.TYPED)

    def spoken(self):
        return self.exclude(status=Status.TYPED)

    def newest_first(self, *, before=None):
        """The newest first; with `before`, the last note of the previous page, those after it.

        A page number would show notes twice when others come in meanwhile.
        """
        found = self.order_by("-recorded_at", "-pk")
        if before is None:
            return found
        same_instant = Q(recorded_at=before.recorded_at, pk__lt=before.pk)
        return found.filter(Q(recorded_at__lt=before.recorded_at) | same_instant, recorded_at__lte=before.recorded_at)

    def matching_filters(
        self, *, property=None, reference="", author=None, status="", kind="", about="", since=None, until=None
    ):
        """Those that fit all the filters of the Notes page; an empty filter fits all notes.

        `kind` is "spoken" or "typed", `about` "stays" or "handover". `since` and `until` are the first and the last
        day, local dates of each note's property.
        """
        equal = {"property": property, "author": author, "status": status, "reservation__reference": reference}
        found = self.filter(**{name: value for name, value in equal.items() if value})
        for method in (_KINDS.get(kind), _ABOUT.get(about)):
            found = method(found) if method else found
        return found._recorded_between(since, until, property) if since or until else found

    def _recorded_between(self, first, last, property):
        zones = (
            [property.time_zone]
            if property
            else Property.objects.order_by().values_list("time_zone", flat=True).distinct()
        )
        days = Q(pk=None)
        for zone in zones:
            days |= Q(property__time_zone=zone) & _days(first, last, zone)
        return self.filter(days)

    def with_text(self):
        """With author, transcript, property and guest, read in the same query."""
        return self.select_related("author", "transcript__edited_by", "property", "reservation__guest")

    def with_line(self):
        """With what a line about a note shows, and no more, because all columns of six tables take twice the time."""
        return self.select_related("author", "transcript", "property", "reservation__guest").only(*_LINE)

    def with_read_receipts(self):
        """With their read receipts, read in one more query for all notes."""
        return self.prefetch_related(models.Prefetch("read_receipts", ReadReceipt.objects.select_related("user")))

    def unread_by(self, user):
        """Those by other authors for which `user` has no read receipt."""
        receipts = ReadReceipt.objects.filter(note=models.OuterRef("pk"), user=user)
        return self.exclude(author=user).exclude(models.Exists(receipts))


_LINE = (
    *("status", "recorded_at", "author__username", "author__first_name", "author__last_name"),
    *("transcript__text", "transcript__segments", "transcript__rating", "transcript__edited_at"),
    *("property__name", "property__time_zone", "reservation__reference", "reservation__guest__name"),
)
_KINDS = {"spoken": VoiceNoteQuerySet.spoken, "typed": VoiceNoteQuerySet.typed}
_ABOUT = {"stays": VoiceNoteQuerySet.about_stays, "handover": VoiceNoteQuerySet.hand_over}


def _days(first, last, zone):
    recorded = Q()
    if first:
        recorded &= Q(recorded_at__gte=_midnight(first, zone))
    if last:
        recorded &= Q(recorded_at__lt=_midnight(last + dt.timedelta(days=1), zone))
    return recorded


def _midnight(day, zone):
    return dt.datetime.combine(day, dt.time(), tzinfo=zoneinfo.ZoneInfo(zone))


class VoiceNote(Leasable):
    # The browser makes the key, so that saving twice makes one note.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="voice_notes")
    reservation = models.ForeignKey(
        Reservation,
        null=True,
        on_delete=models.PROTECT,
        related_name="voice_notes",
        help_text="in the same property; without one, the note is for whoever works there next",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="voice_notes")
    recorded_at = models.DateTimeField(default=clock.now, help_text="UTC")
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    is_recovered = models.BooleanField(default=False, help_text="saved by us, after the browser had gone away")

    # A note without audio was typed, or its audio was erased.
    audio = models.FileField(max_length=120, blank=True, help_text="named by us: <year>/<month>/<key>.<container>")
    container = models.CharField(
        max_length=4, choices=[(container.value, container.media_type) for container in Container], blank=True
    )
    size = models.PositiveBigIntegerField(default=0, help_text="bytes of the stored audio")
    sha256 = models.CharField(max_length=64, blank=True, help_text="hex, of the stored audio")
    upload_sha256 = models.CharField(
        max_length=64, blank=True, help_text="hex, of what was sent: the same key again must be the same recording"
    )
    playable = models.CharField(max_length=8, choices=Playable, default=Playable.ITSELF)
    rendition = models.FileField(
        max_length=120,
        blank=True,
        help_text="played in place of the audio: <year>/<month>/<key>-played.<container>",
    )
    rendition_size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    rendition_sha256 = models.CharField(max_length=64, blank=True, help_text="hex")
    rendition_waits_until = models.DateTimeField(
        null=True, help_text="UTC; the storage was away, or the disk full: not tried before"
    )
    rendition_attempts = models.PositiveSmallIntegerField(default=0, help_text="counted before the work starts")
    gaps = models.JSONField(
        default=list, help_text="where the recorder was held up: [[place in the sound, seconds that are missing], …]"
    )
    losses = models.JSONField(
        default=list, help_text="where the file is damaged: [[place in the sound, seconds that are missing], …]"
    )
    promised_seconds = models.FloatField(null=True, help_text="what the file says it is long, where it ends before")
    seconds = models.FloatField(null=True, help_text="counted from decoded samples; the header's claim until then")
    peaks = models.JSONField(null=True, help_text="loudness of equal slices for the waveform, integers 0-100")
    is_damaged = models.BooleanField(default=False, help_text="some packets could not be decoded")
    done_seconds = models.FloatField(default=0, help_text="as far as this attempt has come")

    queued_at = models.DateTimeField(default=clock.now, help_text="UTC")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="counted when claimed, before the work starts")
    failure = models.CharField(
        max_length=12, choices=Failure, blank=True, help_text="why it failed, or why it is queued again"
    )

    is_protected = models.BooleanField(default=False, help_text="kept when the days of retention are over")
    audio_erased_at = models.DateTimeField(null=True, help_text="UTC")
    text_erased_at = models.DateTimeField(null=True, help_text="UTC")

    deleted_at = models.DateTimeField(null=True, help_text="UTC; hidden, and can be brought back")
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = VoiceNoteQuerySet.as_manager()

    so_far = ""  # the text of a pending note, set by `notes.progress`

    class Meta:
        indexes = [
            models.Index(fields=["reservation", "-recorded_at"], name="note_by_reservation"),
            models.Index(fields=["property", "-recorded_at"], name="note_by_property"),
            models.Index(fields=["-recorded_at"], name="note_by_age"),
            models.Index(fields=["queued_at"], condition=Q(status__in=["queued", "transcribing"]), name="note_waiting"),
            models.Index(
                fields=["id"], condition=Q(playable__in=["due", "faint", "unknown"]), name="note_to_be_rendered"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="note_status_known"),
            models.CheckConstraint(
                condition=~Q(status="transcribing") | Q(claim__isnull=False, lease_until__isnull=False),
                name="note_transcribing_has_a_claim",
            ),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(failure=""), name="note_failed_says_why"),
            models.CheckConstraint(
                condition=Q(audio="", container="", sha256="", size=0)
                | (~Q(audio="") & ~Q(container="") & ~Q(sha256="")),
                name="note_audio_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(rendition="", rendition_sha256="", rendition_size=0) & ~Q(playable="rendered")
                | ~Q(rendition="") & ~Q(rendition_sha256="") & ~Q(audio="") & Q(playable__in=["rendered", "faint"]),
                name="note_rendition_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(audio="") | Q(status="typed") | Q(audio_erased_at__isnull=False),
                name="note_without_audio_says_why",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @computed
    def is_pending(self):
        return self.status in PENDING

    @computed
    def shown_status(self):
        """The status; TYPED for a recording without words for which somebody typed a text."""
        is_wordless = self.status in (Status.NO_SPEECH, Status.FAILED)
        is_typed = is_wordless and hasattr(self, "transcript") and bool(self.transcript.text)
        return Status.TYPED if is_typed else Status(self.status)

    @computed
    def is_audible(self):
        """Whether there is any sound, such as noise; None until the audio has been decoded."""
        return None if self.peaks is None else max(self.peaks, default=0) >= AUDIBLE_PEAK

    @computed
    def media_type(self):
        return Container(self.container).media_type

    @computed
    def is_playable(self):
        return self.playable in (Playable.ITSELF, Playable.RENDERED, Playable.UNKNOWN)

    @computed
    def is_being_prepared(self):
        """Whether a rendition is going to be made."""
        return self.playable in (Playable.DUE, Playable.FAINT)

    @computed
    def is_unfinished(self):
        """Whether its text or its rendition is still to come."""
        return self.is_pending or self.is_being_prepared

    @computed
    def files(self):
        """The names of its files in the storage."""
        return [file.name for file in (self.audio, self.rendition) if file]

    def is_read_by(self, user):
        """Whether `user` has a read receipt or is the author. Makes no query after `with_read_receipts`."""
        return user.pk == self.author_id or any(receipt.user_id == user.pk for receipt in self.read_receipts.all())


class ReadReceipt(models.Model):
    """A member of staff has listened to or read a note. Its author has no receipt."""

    note = models.ForeignKey(VoiceNote, on_delete=models.CASCADE, related_name="read_receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, help_text="UTC; the first time")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="read_receipt_once_per_note_and_user")]

    def __str__(self):
        return f"{self.user}, {self.note_id}"
