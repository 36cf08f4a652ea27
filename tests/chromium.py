"""Chromium for tests and benchmarks: Debian's package when it is there, else Playwright's own."""

import os
import shutil


def launch_options(*, microphone=None):
    """Keyword arguments for `chromium.launch`.

    `microphone` is a 48 kHz mono 16-bit WAV file that is spoken once into the fake microphone, beginning
    when the page opens the stream; without it the fake microphone beeps.
    """
    arguments = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    if microphone:
        arguments.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    return {"executable_path": system_chromium(), "args": arguments}


def system_chromium():
    """The path of an installed Chromium, or None for Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
