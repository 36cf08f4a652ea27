"""Where something could still lie: every row of every table, the queue's packed payloads, and every file."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django_q.models import OrmQ, Task


def tables():
    return [name for name in connection.introspection.table_names() if name != "notes_erasednote"]


def places_of(*canaries):
    """Names of the tables and files that hold one of the texts; bytes are looked for as PostgreSQL writes them, too."""
    needles = [canary.lower() for canary in canaries] + [canary.encode().hex() for canary in canaries]
    found = {table for table in tables() if _holds(_rows(table), needles)}
    packed = [repr(row.task) for row in OrmQ.objects.all()]
    packed += [repr((row.args, row.kwargs, row.result)) for row in Task.objects.all()]
    if _holds(packed, needles):
        found.add("queue")
    return found | {path.name for path in files() if _holds([path.read_bytes().decode("latin-1")], needles)}


def files():
    folders = [Path(settings.MEDIA_ROOT), Path(settings.SPOOL_DIR)]
    paths = [path for folder in folders for path in folder.rglob("*")] + [Path(settings.ERASURE_LIST)]
    return [path for path in paths if path.is_file()]


def audio():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def _rows(table):
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table)
        cursor.execute(f"SELECT {name}::text FROM {name}")  # the whole row, whatever its columns are
        return [row for (row,) in cursor.fetchall()]


def _holds(texts, needles):
    return any(needle in text.lower() for text in texts for needle in needles)
