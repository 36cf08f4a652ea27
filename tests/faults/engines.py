"""An engine that takes long enough to be killed at its work."""

import time

from notes.engines.base import DEFAULT_OPTIONS
from notes.engines.fake import FakeEngine

SECONDS = 0.3


class Unhurried(FakeEngine):
    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        time.sleep(SECONDS)
        return super().transcribe(samples, options)
