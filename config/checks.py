"""System checks for mistakes of configuration that would otherwise fail at the first booking or the first note."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection

# Extensions that migrations create: for the calendar's exclusion constraint, and for trigram indexes of searches.
EXTENSIONS = {"btree_gist", "pg_trgm"}
# MiB of address space that the smallest model, tiny.en, takes with its libraries.
LEAST_MEMORY = 1000


@register(Tags.database)
def extensions_are_there(databases, **kwargs):
    """A migration can create only extensions that are installed on the server."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY (%s)", [list(EXTENSIONS)])
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
    hint = "Install PostgreSQL's contrib package."
    return [Error(f"PostgreSQL lacks the {name} extension.", hint=hint, id="roomtone.E001") for name in sorted(missing)]


@register()
def a_task_is_not_handed_out_twice(app_configs, **kwargs):
    cluster = settings.Q_CLUSTER
    if cluster["retry"] > (cluster["timeout"] + 3) * (cluster["queue_limit"] / cluster["workers"] + 1):
        return []
    return [Error("Q_CLUSTER['retry'] is shorter than a full queue takes.", id="roomtone.E002")]


@register()
def media_can_be_written(app_configs, **kwargs):
    if settings.MEDIA_STORAGE != "local":
        return []
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK):
        return []
    hint = "Set MEDIA_ROOT to a folder that the server may write to."
    return [Error("Voice notes cannot be stored: MEDIA_ROOT is not writable.", hint=hint, id="roomtone.E003")]


@register()
def transcription_has_memory_and_time(app_configs, **kwargs):
    """With too little memory no model loads, and with no time for a second of sound every transcription times out."""
    errors = []
    if 0 < settings.TRANSCRIPTION_MEMORY < LEAST_MEMORY:
        hint = f"Set it to 0, or to {LEAST_MEMORY} (MiB) at least."
        errors.append(Error("TRANSCRIPTION_MEMORY is less than any model needs.", hint=hint, id="roomtone.E004"))
    if settings.TRANSCRIPTION_PACE <= 0:
        hint = "It is seconds of work for each second of sound; the default depends on WHISPER_MODEL."
        errors.append(Error("TRANSCRIPTION_PACE must be more than 0.", hint=hint, id="roomtone.E005"))
    return errors
