"""A note may be typed, and audio or text may be erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0006_every_note_has_a_property")]
    operations = [
        migrations.RemoveConstraint(
            model_name="voicenote",
            name="note_status_known",
        ),
        migrations.AddField(
            model_name="voicenote",
            name="audio_erased_at",
            field=models.DateTimeField(help_text="UTC", null=True),
        ),
        migrations.AddField(
            model_name="voicenote",
            name="is_protected",
            field=models.BooleanField(default=False, help_text="kept when the days of retention are over"),
        ),
        migrations.AddField(
            model_name="voicenote",
            name="is_recovered",
            field=models.BooleanField(default=False, help_text="saved by us, after the browser had gone away"),
        ),
        migrations.AddField(
            model_name="voicenote",
            name="text_erased_at",
            field=models.DateTimeField(help_text="UTC", null=True),
        ),
        migrations.AlterField(
            model_name="voicenote",
            name="audio",
            field=models.FileField(
                blank=True, help_text="named by us: <year>/<month>/<key>.<container>", max_length=120, upload_to=""
            ),
        ),
        migrations.AlterField(
            model_name="voicenote",
            name="container",
            field=models.CharField(
                blank=True,
                choices=[
                    ("webm", "audio/webm"),
                    ("m4a", "audio/mp4"),
                    ("ogg", "audio/ogg"),
                    ("mp3", "audio/mpeg"),
                    ("wav", "audio/wav"),
                    ("flac", "audio/flac"),
                ],
                max_length=4,
            ),
        ),
        migrations.AlterField(
            model_name="voicenote",
            name="failure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unreadable", "The recording is damaged and no sound could be read from it."),
                    ("too_long", "The recording is longer than this house allows."),
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
        migrations.AlterField(
            model_name="voicenote",
            name="sha256",
            field=models.CharField(blank=True, help_text="hex, of the stored audio", max_length=64),
        ),
        migrations.AlterField(
            model_name="voicenote",
            name="size",
            field=models.PositiveBigIntegerField(default=0, help_text="bytes of the stored audio"),
        ),
        migrations.AlterField(
            model_name="voicenote",
            name="status",
            field=models.CharField(
                choices=[
                    ("uploading", "Uploading"),
                    ("queued", "Queued"),
                    ("transcribing", "Transcribing"),
                    ("transcribed", "Transcribed"),
                    ("no_speech", "No speech found"),
                    ("failed", "Could not transcribe"),
                    ("typed", "Typed"),
                ],
                default="queued",
                max_length=12,
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
                    models.Q(("audio", ""), _negated=True),
                    ("status", "typed"),
                    ("audio_erased_at__isnull", False),
                    _connector="OR",
                ),
                name="note_without_audio_says_why",
            ),
        ),
    ]
