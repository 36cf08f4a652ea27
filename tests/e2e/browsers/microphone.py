"""A microphone that says what it is told to: a sound server of our own, whose only source is what is played into it."""

import os
import subprocess
import time
from contextlib import contextmanager, suppress

NEEDED = ("pulseaudio", "pactl", "paplay")
START_SECONDS = 20
# Without `norewinds` a null sink lets two seconds pass before whoever opens its monitor hears anything.
MODULES = (
    "module-null-sink sink_name=spoken rate=48000 norewinds=1",
    "module-null-sink sink_name=loudspeaker rate=48000 norewinds=1",
    "module-remap-source master=spoken.monitor source_name=microphone source_properties=device.description=Microphone",
)


class Microphone:
    """`environment` is for the browser that shall have it."""

    def __init__(self, folder):
        self.socket = folder / "sound"
        self.environment = os.environ | {
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_SOURCE": "microphone",
            "PULSE_SINK": "loudspeaker",
            "XDG_RUNTIME_DIR": str(folder),
        }

    def speak(self, path):
        """Returns when it is spoken."""
        subprocess.run(["paplay", "--device=spoken", str(path)], check=True, env=self.environment)

    def is_there(self):
        asked = ["pactl", "list", "short", "sources"]
        return b"microphone" in subprocess.run(asked, capture_output=True, env=self.environment, check=False).stdout


@contextmanager
def plugged_in(folder):
    folder.mkdir(mode=0o700)
    microphone = Microphone(folder)
    loads = [f"--load={module}" for module in MODULES]
    protocol = f"--load=module-native-protocol-unix socket={microphone.socket} auth-anonymous=1"
    options = (
        "-n",
        "--daemonize=no",
        "--use-pid-file=no",
        "--exit-idle-time=-1",
        "--disallow-exit",
        "--log-level=error",
    )
    server = subprocess.Popen(
        ["pulseaudio", *options, *loads, protocol], env=microphone.environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(microphone, server)
        yield microphone
    finally:
        with suppress(ProcessLookupError):
            server.terminate()
        server.wait()


def _wait_for(microphone, server):
    deadline = time.monotonic() + START_SECONDS
    while not microphone.is_there():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PulseAudio does not start")
        time.sleep(0.05)
