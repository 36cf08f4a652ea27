"""What has to be looked after again and again: files, recordings and jobs that nobody works on any more.

`serve` sweeps every 15 seconds. Nothing here needs to be exact, and a sweep may be interrupted anywhere.
"""

from datetime import datetime

from notes import rendering
from notes.files.spool import remove_leftovers
from notes.ingest.recovery import recover
from notes.transcription import second_pass, stalled_jobs
from notes.transcription.stalled_jobs import Swept


def sweep(now: datetime) -> Swept:
    """At `now` (UTC). Harmless to repeat, and to run several at once."""
    remove_leftovers()
    recover(now)
    swept = stalled_jobs.requeue(now)
    rendering.enqueue_due()
    second_pass.enqueue_next(now)
    return swept
