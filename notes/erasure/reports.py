"""Reports of erasures as JSON and CSV, and the list beside the database, by which a restored backup is erased again."""

import csv
import io
import json
import os
import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from config import clock
from config.text import harmless
from notes.models import Erasure

# The report of a run of retention is complete after this time.
FINISHED = timedelta(days=1)
# A complete line of the list.
_LISTED = re.compile(r'^\{"id": "([0-9a-f-]{36})".*\}$', re.MULTILINE)
COLUMNS = ("notes", "audio", "texts", "read_receipts", "recordings", "chunks", "pieces", "queue_tasks", "queue_results")


def as_data(erasure: Erasure) -> dict[str, Any]:
    """The report for JSON. People are named by their keys only."""
    return {
        "id": str(erasure.pk),
        "kind": erasure.kind,
        "at": erasure.at.isoformat(),
        "actor": erasure.actor_id,
        "guest": erasure.guest_key,
        "reason": erasure.reason,
        "counts": erasure.counts,
        "notes": sorted(str(note.key) for note in erasure.notes.all()),
    }


def as_csv(erasures: Iterable[Erasure]) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["Report", "Kind", "At (UTC)", "User", "Guest", "Reason", *COLUMNS, "Keys"])
    for erasure in erasures:
        data = as_data(erasure)
        at = erasure.at.strftime("%Y-%m-%d %H:%M:%S")
        about = [data["id"], data["kind"], at, data["actor"], data["guest"], harmless(data["reason"])]
        table.writerow([*about, *(erasure.counts.get(kind, 0) for kind in COLUMNS), " ".join(data["notes"])])
    return out.getvalue()


def extend_list() -> None:
    """Append the reports with keys that are missing in the list beside the database, each as a line of JSON."""
    path = Path(settings.ERASURE_LIST)
    listed = _LISTED.findall(path.read_text()) if path.exists() else []
    finished = Q(kind=Erasure.Kind.GUEST) | Q(at__lt=clock.now() - FINISHED)
    erasures = Erasure.objects.filter(finished, notes__isnull=False).exclude(pk__in=listed).distinct()
    lines = [f"{json.dumps(as_data(erasure))}\n" for erasure in erasures.order_by("at").prefetch_related("notes")]
    if lines:
        _append(path, "".join(lines))


def _append(path: Path, lines: str) -> None:
    """Append in one write and call fsync, so that two processes at once each leave whole lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"\n{lines}".encode())  # the line break ends a line that a full disk has cut
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def split(text: str) -> list[str]:
    """The reports in the list, or in the JSON that the page of reports offers, each as JSON. Raises ValueError."""
    if text.lstrip().startswith("["):
        return [json.dumps(each) for each in json.loads(text)]
    return [line for line in text.splitlines() if line.strip()]


def read(line: str) -> tuple[Erasure, list[uuid.UUID]]:
    """The report in a line of `split`, not saved, and the keys that it names. Raises ValueError."""
    try:
        data = json.loads(line)
        erasure = Erasure(
            pk=uuid.UUID(data["id"]),
            kind=Erasure.Kind(data["kind"]),
            at=datetime.fromisoformat(data["at"]),
            actor_id=data["actor"],
            guest_key=data["guest"],
            reason=data["reason"],
            counts=dict(data["counts"]),
        )
        return erasure, [uuid.UUID(key) for key in data["notes"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a report") from error
