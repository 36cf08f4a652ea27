"""Engines that do what nobody wants, for a child to run."""

import os
import signal
import subprocess
import sys

import numpy as np

from notes.engines.base import DEFAULT_OPTIONS, EngineOptions
from notes.engines.fake import FakeEngine

SAID = "Mrs Okafor in 12"


class Troubled(FakeEngine):
    """Does what the language says, then says the vocabulary, in the language of its process's number."""

    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        self.text = " ".join(options.vocabulary)
        self.tell = options.on_progress
        if self.tell:
            self.tell(0.5)
        getattr(self, f"_{options.language}", lambda: None)()
        return super().transcribe(samples, EngineOptions(language=str(os.getpid())))

    def _crash(self):
        os.kill(os.getpid(), signal.SIGSEGV)

    def _be_killed(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def _leave(self):
        os._exit(3)

    def _hang(self):
        helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        self.tell(0.7)
        helper.wait()

    def _swell(self):
        np.empty(2**29)  # 4 GiB

    def _break(self):
        raise ValueError(SAID)

    def _babble(self):
        os.write(1, b"\nnot a message\n")
        os.write(2, b"not a message either\n")

    def _lie(self):
        """Writes into the pipe of answers, whichever it is."""
        for number in range(3, 64):
            try:
                os.write(number, b"{not a message\n")
            except OSError:
                continue

    def _list_modules(self):
        self.text = " ".join(sys.modules)

    def _list_environment(self):
        self.text = " ".join(f"{name}={value}" for name, value in os.environ.items())


class CrashesWhenLoaded(FakeEngine):
    def load(self):
        os.abort()
