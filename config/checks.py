"""System checks: what would otherwise break at the first booking or the first note."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection


@register(Tags.database)
def btree_gist_is_there(databases, **kwargs):
    """The calendar's constraint needs the extension; its migration can only create what the server has."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'btree_gist'")
        if cursor.fetchone():
            return []
    hint = "Install PostgreSQL's contrib package."
    return [Error("PostgreSQL lacks the btree_gist extension.", hint=hint, id="roomtone.E001")]


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
