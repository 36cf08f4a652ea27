"""The sweep: finds files, recordings and jobs that no process works on any more.

`serve` sweeps every 15 seconds. A sweep may be interrupted anywhere: the next one finds what it has left.
"""

from datetime import datetime

from notes import rendering
from notes.files.spool import remove_leftovers
from notes.ingest.recovery import recover
from notes.transcription import second_pass, stalled_jobs
from notes.transcription.stalled_jobs import Swept


def sweep(now: datetime) -> Swept:
    """Sweep at `now` (UTC); returns what was done to notes. Harmless to repeat, and to run several at once."""
    remove_leftovers()
    recover(now)
    swept = stalled_jobs.requeue(now)
    rendering.enqueue_due()
    second_pass.enqueue_next(now)
    return swept
