"""A hundred notes are recorded while the processes of a server are killed.

Four browsers record and save. Meanwhile the worker, the process that listens, the web server and the database are
killed, five times in all. What was acknowledged is there in the end, once, byte for byte, and written down.
"""

import hashlib
import itertools
import json
import os
import random
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
import pytest
import urllib3

from tests.notes.clips import browser_recording, tone
from tests.server import RunningServer

PEOPLE, NOTES_EACH = 4, 25
SEED = 20261120  # which part dies when
# A part is killed when so many notes are acknowledged.
KILLS = (10, 28, 46, 64, 82)
SLICES = 3
# Seconds in which all notes must have their text: a lease has to run out, and stalled jobs must be found.
PATIENCE = 240
MAKE_STAY = "from tests.factories import make_reservation; print('reference', make_reservation().reference)"
LEDGER = """
import json
from notes.models import VoiceNote
print("ledger", json.dumps({
    "notes": {
        str(note.pk): [note.status, note.upload_sha256, note.sha256, hasattr(note, "transcript")]
        for note in VoiceNote.objects.select_related("transcript")
    },
}))
"""


class Desk:
    """A browser that sends what it recorded until it is told that the note is there."""

    def __init__(self, server, account):
        self.url = server.url
        self.http = urllib3.PoolManager(retries=False, timeout=10)
        self.cookies = {}
        self.send("GET", "/accounts/login/")
        self.send("POST", "/accounts/login/", username=account[0], password=account[1])

    def send(self, method, path, **fields):
        """The status and the JSON of the answer, or None and None while nobody answers."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("roomtone_csrftoken", ""),
        }
        try:
            answer = self.http.request(method, self.url + path, fields=fields or None, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError:
            return None, None
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        is_json = answer.headers.get("Content-Type") == "application/json"
        return answer.status, json.loads(answer.data) if is_json else None

    def speak(self, key, sound, reference):
        """Returns the sha256 that the server acknowledged."""
        step = -(-len(sound) // SLICES)
        slices = [sound[start : start + step] for start in range(0, len(sound), step)]
        expected, address = 0, f"/recordings/{key}/"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if expected < len(slices):
                fields = {"reservation": reference, "segment": "0", "seconds": "1", "chunk": ("c", slices[expected])}
                _, state = self.send("POST", f"{address}chunks/{expected}/", **fields)
            else:
                status, state = self.send("POST", f"{address}save/", chunks=str(len(slices)), seconds="1")
                if status in (200, 201):
                    return state["note"]["sha256"]
            if state is None or "expected" not in state:
                time.sleep(0.2)  # as a browser does while nobody answers
                _, state = self.send("GET", address)
            expected = (state or {}).get("expected", expected)
        raise AssertionError("a note was not taken in time")


@pytest.mark.full
@pytest.mark.takes_a_minute
def test_what_was_acknowledged_is_there_once_and_written_down(tmp_path):
    with RunningServer(tmp_path / "server", TRANSCRIPTION_ENGINE="tests.faults.engines.Unhurried") as server:
        account = server.make_user()
        reference = server.run(MAKE_STAY).split()[-1]
        acknowledged = record_while_parts_die(server, account, reference)
        ledger = wait_until_all_is_written(server)

    assert len(acknowledged) == PEOPLE * NOTES_EACH
    assert {key: note[1] for key, note in ledger["notes"].items()} == acknowledged
    assert {(status, has_text) for status, _, _, has_text in ledger["notes"].values()} == {("transcribed", True)}
    # A file whose server was killed before the row was written is nobody's; it is sent again under another name.
    webm = [path for path in (server.var / "media").rglob("*.webm") if not path.name.startswith(".")]
    files = [path for path in webm if "-played" not in path.name]
    stored = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert {sha256 for _, _, sha256, _ in ledger["notes"].values()} <= stored
    assert len(files) <= len(acknowledged) + PEOPLE * len(KILLS)
    assert len(webm) <= 2 * len(files)


def record_while_parts_die(server, account, reference):
    acknowledged, lock = {}, threading.Lock()
    fates = iter(_fates())

    def record(person):
        desk = Desk(server, account)
        for number in range(NOTES_EACH):
            key = str(uuid.uuid4())
            sound = browser_recording(tone(0.5 + number / 50, hertz=200 + 100 * person + number))
            sha256 = desk.speak(key, sound, reference)
            assert sha256 == hashlib.sha256(sound).hexdigest()
            with lock:
                acknowledged[key] = sha256
                if len(acknowledged) in KILLS:
                    next(fates)(server)

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(record, range(PEOPLE)))
    return acknowledged


def _fates():
    """Each part at least once, in an order of chance, which is the same each time."""
    chance = random.Random(SEED)
    fates = [kill_worker, kill_transcriber, kill_web, kill_database]
    fates.append(chance.choice(fates))
    chance.shuffle(fates)
    return fates


def kill_worker(server):
    """All of it, as when the system runs out of memory."""
    for process in [(main := _part(server, "qcluster")), *main.children(recursive=True)]:
        _kill(process)


def kill_transcriber(server):
    transcribers = [each for each in _part(server, "qcluster").children(recursive=True) if "-I" in _words(each)]
    for process in transcribers:
        _kill(process)


def kill_web(server):
    for process in [(main := _part(server, "gunicorn")), *main.children(recursive=True)]:
        _kill(process)


def kill_database(server):
    os.kill(int((server.var / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def _kill(process):
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _words(process):
    with suppress(psutil.NoSuchProcess):  # or dead, and not yet noticed
        return process.cmdline()
    return []


def _part(server, word):
    """The child of `serve` whose command line has `word`; it is started again, if it was killed just now."""
    for _ in itertools.count():
        for child in psutil.Process(server.process.pid).children():
            if word in " ".join(_words(child)):
                return child
        time.sleep(0.1)
    raise AssertionError


def wait_until_all_is_written(server):
    until = time.monotonic() + PATIENCE
    while True:
        ledger = json.loads(server.run(LEDGER).rpartition("ledger ")[2])
        pending = [note for note in ledger["notes"].values() if note[0] in ("queued", "transcribing")]
        if not pending:
            return ledger
        assert time.monotonic() < until, f"{len(pending)} notes are still waiting"
        time.sleep(1)
