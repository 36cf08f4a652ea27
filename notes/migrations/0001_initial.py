import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("properties", "0001_initial"),
        ("reservations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileToDelete",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("since", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                ("attempts", models.PositiveIntegerField(default=0, help_text="that failed")),
            ],
        ),
        migrations.CreateModel(
            name="VoiceNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploading", "Uploading"),
                            ("queued", "Queued"),
                            ("transcribing", "Transcribing"),
                            ("transcribed", "Transcribed"),
                            ("no_speech", "No words found"),
                            ("failed", "Could not transcribe"),
                            ("typed", "Typed"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                (
                    "is_recovered",
                    models.BooleanField(default=False, help_text="saved by us, after the browser had gone away"),
                ),
                (
                    "audio",
                    models.FileField(
                        blank=True,
                        help_text="named by us: <year>/<month>/<key>.<container>",
                        max_length=120,
                        upload_to="",
                    ),
                ),
                (
                    "container",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("webm", "audio/webm"),
                            ("m4a", "audio/mp4"),
                            ("ogg", "audio/ogg"),
                            ("mp3", "audio/mpeg"),
                            ("wav", "audio/wav"),
                            ("flac", "audio/flac"),
                            ("aac", "audio/aac"),
                            ("ac3", "audio/ac3"),
                            ("aiff", "audio/aiff"),
                            ("amr", "audio/amr"),
                            ("au", "audio/basic"),
                            ("caf", "audio/x-caf"),
                            ("dss", "audio/x-dss"),
                            ("latm", "audio/mp4a-latm"),
                            ("mka", "audio/x-matroska"),
                            ("mov", "video/quicktime"),
                            ("mpeg", "video/mpeg"),
                            ("3gp", "audio/3gpp"),
                            ("ts", "video/mp2t"),
                            ("tta", "audio/x-tta"),
                            ("w64", "audio/x-w64"),
                            ("wv", "audio/x-wavpack"),
                            ("wma", "audio/x-ms-wma"),
                        ],
                        max_length=4,
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="bytes of the stored audio")),
                ("sha256", models.CharField(blank=True, help_text="hex, of the stored audio", max_length=64)),
                (
                    "upload_sha256",
                    models.CharField(
                        blank=True,
                        help_text="hex, of what was sent: the same key again must be the same recording",
                        max_length=64,
                    ),
                ),
                (
                    "playable",
                    models.CharField(
                        choices=[
                            ("unknown", "Kept before this was asked"),
                            ("itself", "The audio itself is played"),
                            ("due", "A rendition is to be made"),
                            ("faint", "A rendition that is heard better is to be made"),
                            ("rendered", "Its rendition is played"),
                            ("failed", "No rendition could be made"),
                        ],
                        default="itself",
                        max_length=8,
                    ),
                ),
                (
                    "rendition",
                    models.FileField(
                        blank=True,
                        help_text="played in place of the audio: <year>/<month>/<key>-played.<container>",
                        max_length=120,
                        upload_to="",
                    ),
                ),
                ("rendition_size", models.PositiveBigIntegerField(default=0, help_text="bytes")),
                ("rendition_sha256", models.CharField(blank=True, help_text="hex", max_length=64)),
                (
                    "rendition_waits_until",
                    models.DateTimeField(
                        help_text="UTC; the storage was away, or the disk full: not tried before", null=True
                    ),
                ),
                (
                    "rendition_attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="counted before the work starts"),
                ),
                (
                    "gaps",
                    models.JSONField(
                        default=list,
                        help_text="where the recorder was held up: [[place in the sound, seconds that are missing], …]",
                    ),
                ),
                (
                    "losses",
                    models.JSONField(
                        default=list,
                        help_text="where the file is damaged: [[place in the sound, seconds that are missing], …]",
                    ),
                ),
                (
                    "promised_seconds",
                    models.FloatField(help_text="what the file says it is long, where it ends before", null=True),
                ),
                (
                    "seconds",
                    models.FloatField(
                        help_text="counted from decoded samples; the header's claim until then", null=True
                    ),
                ),
                (
                    "peaks",
                    models.JSONField(help_text="loudness of equal slices for the waveform, integers 0-100", null=True),
                ),
                ("is_damaged", models.BooleanField(default=False, help_text="some packets could not be decoded")),
                ("done_seconds", models.FloatField(default=0, help_text="as far as this attempt has come")),
                ("queued_at", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="counted when claimed, before the work starts"
                    ),
                ),
                (
                    "claim",
                    models.UUIDField(help_text="the worker's token; only its holder may write a result", null=True),
                ),
                (
                    "lease_until",
                    models.DateTimeField(
                        help_text="UTC; after it another worker may take over; kept as a sign of life", null=True
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unreadable", "The recording is damaged and no sound could be read from it."),
                            ("too_long", "The recording is longer than is allowed here."),
                            ("no_model", "The transcription model could not be loaded."),
                            ("timed_out", "The transcription took too long."),
                            ("interrupted", "The transcription was interrupted again and again."),
                            ("engine", "The transcription stopped with an error."),
                            ("crashed", "The transcription crashed on this recording."),
                            ("memory", "The transcription needs more memory than this machine has."),
                            ("unreachable", "The transcription service could not be reached."),
                            ("refused", "The transcription service refused this recording."),
                        ],
                        help_text="why it failed, or why it is queued again",
                        max_length=12,
                    ),
                ),
                (
                    "is_protected",
                    models.BooleanField(default=False, help_text="kept when the days of retention are over"),
                ),
                ("audio_erased_at", models.DateTimeField(help_text="UTC", null=True)),
                ("text_erased_at", models.DateTimeField(help_text="UTC", null=True)),
                ("deleted_at", models.DateTimeField(help_text="UTC; hidden, and can be brought back", null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voice_notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voice_notes",
                        to="properties.property",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        help_text="in the same property; without one, the note is for whoever works there next",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voice_notes",
                        to="reservations.reservation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("guest", "A guest’s notes"), ("retention", "Days to keep were over")], max_length=12
                    ),
                ),
                ("at", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                ("guest_key", models.BigIntegerField(help_text="of the guest's profile", null=True)),
                ("reason", models.CharField(blank=True, help_text="without names", max_length=200)),
                (
                    "counts",
                    models.JSONField(default=dict, help_text='how many of each kind went: {"notes": 3, "audio": 2, …}'),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ErasedNote",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="notes.erasure"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                ("last_chunk_at", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                ("stopped_at", models.DateTimeField(help_text="UTC; nothing more is expected", null=True)),
                (
                    "recovered_at",
                    models.DateTimeField(
                        help_text="UTC; when a note was last made of it without its browser", null=True
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="code of AudioRefused: why no note can be made of it",
                        max_length=20,
                    ),
                ),
                (
                    "chunks_received",
                    models.PositiveIntegerField(default=0, help_text="the index that is expected next"),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="bytes of all chunks")),
                ("seconds", models.FloatField(default=0, help_text="the recorder's own clock, without pauses")),
                ("transcribed_seconds", models.FloatField(default=0, help_text="there are pieces of text up to here")),
                (
                    "look_at_seconds",
                    models.FloatField(default=0, help_text="when there is this much sound, a worker looks for a piece"),
                ),
                ("is_transcribed", models.BooleanField(default=False, help_text="stopped, and its pieces are all of it")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="in a row without a piece; counted before the work"
                    ),
                ),
                (
                    "claim",
                    models.UUIDField(help_text="the worker's token; only its holder may write a result", null=True),
                ),
                (
                    "lease_until",
                    models.DateTimeField(
                        help_text="UTC; after it another worker may take over; kept as a sign of life", null=True
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="properties.property"
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reservations.reservation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.PositiveIntegerField(help_text="from 0, without gaps")),
                ("start", models.FloatField()),
                ("end", models.FloatField(help_text="where the next piece starts")),
                ("segments", models.JSONField(default=list, help_text="as in a transcript")),
                ("language", models.CharField(blank=True, help_text="ISO 639-1, as spoken", max_length=8)),
                ("engine", models.CharField(max_length=40)),
                ("model", models.CharField(max_length=120)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("took_seconds", models.FloatField(default=0)),
                ("loudness", models.JSONField(default=list, help_text="of equal slices, see notes.sound.waveform")),
                ("is_damaged", models.BooleanField(default=False)),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="notes.recording"
                    ),
                ),
            ],
            options={
                "ordering": ["index"],
            },
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.PositiveIntegerField(help_text="from 0, without gaps")),
                (
                    "segment",
                    models.PositiveSmallIntegerField(default=0, help_text="one more when the recorder was restarted"),
                ),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(help_text="hex", max_length=64)),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="notes.recording"
                    ),
                ),
            ],
            options={
                "ordering": ["index"],
            },
        ),
        migrations.CreateModel(
            name="Transcript",
            fields=[
                (
                    "note",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="transcript",
                        serialize=False,
                        to="notes.voicenote",
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("machine_text", models.TextField(blank=True)),
                (
                    "earlier_text",
                    models.TextField(
                        blank=True,
                        help_text="the machine's text before a later pass changed it: still found, no longer shown",
                    ),
                ),
                (
                    "segments",
                    models.JSONField(
                        default=list,
                        help_text='[{"start", "end", "text", "words": [{"start", "end", "text", "probability"}]}], in seconds',
                    ),
                ),
                ("language", models.CharField(blank=True, help_text="ISO 639-1, as spoken", max_length=8)),
                ("engine", models.CharField(max_length=40)),
                ("model", models.CharField(max_length=120)),
                ("version", models.CharField(blank=True, help_text="of the engine", max_length=40)),
                ("settings", models.JSONField(default=dict, help_text="what the engine was told")),
                (
                    "audio_sha256",
                    models.CharField(blank=True, help_text="hex, of the audio that was transcribed", max_length=64),
                ),
                ("audio_seconds", models.FloatField(help_text="of that audio, by decoded samples", null=True)),
                ("took_seconds", models.FloatField(help_text="the engine's own work")),
                (
                    "from_pieces",
                    models.BooleanField(
                        default=False,
                        help_text="heard while it was spoken; a pass over the whole recording may know better",
                    ),
                ),
                ("passes", models.PositiveSmallIntegerField(default=0, help_text="attempts at that pass")),
                ("rating", models.SmallIntegerField(help_text="1 or -1, as staff found the machine's text", null=True)),
                ("created_at", models.DateTimeField(default=config.clock.now, help_text="UTC")),
                ("edited_at", models.DateTimeField(help_text="UTC", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReadReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=config.clock.now, help_text="UTC; the first time")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="read_receipts", to="notes.voicenote"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(fields=["-at"], name="erasure_by_age"),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "guest"), _negated=True),
                    models.Q(("guest_key__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="erasure_of_a_guest_says_whose_and_why",
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(fields=["last_chunk_at"], name="recording_by_age"),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_transcribed", False), ("stopped_at__isnull", False), _connector="OR"),
                name="recording_transcribed_is_stopped",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(("claim", None), ("lease_until__isnull", False), _connector="OR"),
                name="recording_claim_has_a_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(fields=("recording", "index"), name="piece_once"),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.UniqueConstraint(fields=("recording", "index"), name="chunk_once"),
        ),
        migrations.AddField(
            model_name="transcript",
            name="edited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="transcript",
            name="rated_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(fields=["reservation", "-recorded_at"], name="note_by_reservation"),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(fields=["property", "-recorded_at"], name="note_by_property"),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(fields=["-recorded_at"], name="note_by_age"),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "transcribing"])),
                fields=["queued_at"],
                name="note_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="voicenote",
            index=models.Index(
                condition=models.Q(("playable__in", ["due", "faint", "unknown"])),
                fields=["id"],
                name="note_to_be_rendered",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["uploading", "queued", "transcribing", "transcribed", "no_speech", "failed", "typed"],
                    )
                ),
                name="note_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "transcribing"), _negated=True),
                    models.Q(("claim__isnull", False), ("lease_until__isnull", False)),
                    _connector="OR",
                ),
                name="note_transcribing_has_a_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "failed"), _negated=True),
                    models.Q(("failure", ""), _negated=True),
                    _connector="OR",
                ),
                name="note_failed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audio", ""), ("container", ""), ("sha256", ""), ("size", 0)),
                    models.Q(
                        models.Q(("audio", ""), _negated=True),
                        models.Q(("container", ""), _negated=True),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="note_audio_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("rendition", ""),
                        ("rendition_sha256", ""),
                        ("rendition_size", 0),
                        models.Q(("playable", "rendered"), _negated=True),
                    ),
                    models.Q(
                        models.Q(("rendition", ""), _negated=True),
                        models.Q(("rendition_sha256", ""), _negated=True),
                        models.Q(("audio", ""), _negated=True),
                        ("playable__in", ["rendered", "faint"]),
                    ),
                    _connector="OR",
                ),
                name="note_rendition_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audio", ""), _negated=True),
                    ("status", "typed"),
                    ("audio_erased_at__isnull", False),
                    _connector="OR",
                ),
                name="note_without_audio_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="readreceipt",
            constraint=models.UniqueConstraint(fields=("note", "user"), name="read_receipt_once_per_note_and_user"),
        ),
        migrations.AddConstraint(
            model_name="transcript",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating", None), ("rating__in", (-1, 1)), _connector="OR"),
                name="transcript_rating_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="transcript",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("edited_at", None), ("text", models.F("machine_text"))),
                    ("edited_at__isnull", False),
                    _connector="OR",
                ),
                name="transcript_differs_only_when_edited",
            ),
        ),
    ]
