"""A real child process, and what may go wrong in it."""

import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest

from notes.engines.base import (
    DeadlineExceeded,
    EngineConfig,
    EngineCrashed,
    EngineFailed,
    EngineOutOfMemory,
    EngineUnavailable,
    Word,
)
from notes.engines.fake import FakeEngine
from notes.sound import audio
from notes.speech import get_transcriber, transcriber_config
from notes.transcriber import subprocess_transcriber
from notes.transcriber.base import TranscriberConfig, TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from notes.transcriber.launch import INHERITED, INHERITED_PREFIXES
from notes.transcriber.subprocess_transcriber import SubprocessTranscriber
from tests.notes.clips import film, recording, silence, tone, wav
from tests.notes.transcriber.engines import SAID
from tests.server import ROOT

ENGINES = "tests.notes.transcriber.engines"


def config(engine, **options):
    """Of an engine in ENGINES."""
    return TranscriberConfig(EngineConfig(f"{ENGINES}.{engine}", **options), memory_mib=3000)


@pytest.fixture(scope="module")
def shared_child():
    """One for all tests: what happens to it is their business, and its own."""
    child = SubprocessTranscriber(config("Troubled"))
    yield child
    child.stop()


@pytest.fixture
def child(shared_child):
    shared_child.load()
    return shared_child


@pytest.fixture
def two_seconds(tmp_path):
    path = tmp_path / "two-seconds"
    path.write_bytes(recording("webm", tone(2)))
    return path


def transcribe(child, path, *, on_decoded=None, on_progress=None, **options):
    request = TranscriptionRequest([path], **{"max_seconds": 10, "deadline": time.monotonic() + 60} | options)
    return child.transcribe(request, on_decoded=on_decoded, on_progress=on_progress)


def pid_of(heard):
    return int(heard.transcription.language)


def test_it_hears_what_would_be_heard_here(child, two_seconds):
    words, decoded, seen = ["Room", "one", "is", "ready."], [], []

    heard = transcribe(
        child, two_seconds, start=0.5, vocabulary=tuple(words), on_decoded=decoded.append, on_progress=seen.append
    )

    here = transcribe(
        InProcessTranscriber(FakeEngine(" ".join(words))), two_seconds, start=0.5, language=heard.transcription.language
    )
    assert heard == here
    assert heard.transcription.segments[0].words[3] == Word(2.0, 2.5, "ready.", 1.0)
    assert (heard.start, heard.end, len(heard.loudness)) == (0.5, pytest.approx(2, abs=0.06), pytest.approx(15, abs=1))
    assert [(each.start, each.end, each.loudness) for each in decoded] == [(heard.start, heard.end, heard.loudness)]
    assert seen[0] == 1.0


def test_a_silent_child_is_told_of_as_alive_until_its_time_is_over(child, two_seconds, monkeypatch):
    monkeypatch.setattr(subprocess_transcriber, "ALIVE_SECONDS", 0.05)
    monkeypatch.setattr(subprocess_transcriber, "allowance", lambda seconds, pace: 3)  # from when the sound is decoded
    seen = []

    with pytest.raises(DeadlineExceeded):
        transcribe(child, two_seconds, language="hang", on_progress=seen.append)

    assert seen[-3:] == [0.7] * 3


def test_it_is_kept_from_recording_to_recording(child, two_seconds):
    first, second = transcribe(child, two_seconds), transcribe(child, two_seconds)

    assert pid_of(first) == pid_of(second) == child.start().pid


def test_it_inherits_the_variables_on_the_list_and_no_other(monkeypatch):
    for name in (
        "S3_SECRET_ACCESS_KEY",
        "PGPASSWORD",
        "SECRET_KEY",
        "DATABASE_URL",
        "HF_TOKEN",
        "PYTHONPATH",
        "EDITOR",
    ):
        monkeypatch.setenv(name, "of-great-value")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    child = SubprocessTranscriber(config("Troubled", api_key="of-great-value"))
    try:
        child.load()
        process = psutil.Process(child.start().pid)
        given, arguments = process.environ(), " ".join(process.cmdline())
    finally:
        child.stop()

    allowed = {name for name in os.environ if name in INHERITED or name.startswith(INHERITED_PREFIXES)}
    assert given == {name: os.environ[name] for name in allowed}
    assert given["HF_HUB_OFFLINE"] == "1"
    assert "PATH" in given
    assert "of-great-value" not in given.values()
    assert "of-great-value" not in arguments  # which `ps` shows to everybody


def test_nothing_in_it_adds_a_secret_to_its_environment(child, two_seconds):
    there = transcribe(child, two_seconds, language="list_environment").transcription.text

    names = {pair.partition("=")[0] for pair in there.split() if "=" in pair}
    assert not [name for name in names if re.search("SECRET|PASSWORD|TOKEN|DATABASE|DJANGO|API_KEY", name)]


def test_it_runs_without_django_and_our_apps(child, two_seconds):
    loaded = set(transcribe(child, two_seconds, language="list_modules").transcription.text.split())

    assert "notes.transcriber.child_process" in loaded
    assert not {module for module in loaded if re.match(r"(django|psycopg2|environ)\b", module)}
    ours = {module for module in loaded if re.match(r"(config|accounts|api|properties|reservations|notes)\b", module)}
    below = re.compile(r"config|config\.language_names|notes|notes\.(sound|engines|transcriber)(\..*)?")
    assert [module for module in ours if not below.fullmatch(module)] == []


def test_only_an_engine_that_asks_a_service_is_given_its_key(settings):
    settings.TRANSCRIPTION_API_KEY = "of-some-value"

    settings.TRANSCRIPTION_ENGINE = "faster_whisper"
    assert transcriber_config().engine.api_key == ""
    settings.TRANSCRIPTION_ENGINE = "openai_api"
    assert transcriber_config().engine.api_key == "of-some-value"


def test_it_says_that_there_is_no_pause_yet(child, two_seconds):
    assert transcribe(child, two_seconds, until_pause=True) is None


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"hello", audio.NotAudio),
        (wav(), audio.Empty),
        (film(), audio.IsVideo),
        (wav(bytes(400), rate=1), audio.Unreadable),
        (recording("ogg", silence(12)), audio.TooLong),
    ],
)
def test_what_is_wrong_with_a_recording_is_said_as_ever(child, two_seconds, tmp_path, data, trouble):
    path = tmp_path / "broken"
    path.write_bytes(data)

    with pytest.raises(trouble):
        transcribe(child, path)

    assert transcribe(child, two_seconds).end > 1


def test_a_missing_file_is_missing(child, tmp_path):
    with pytest.raises(FileNotFoundError) as missing:
        transcribe(child, tmp_path / "gone")

    assert missing.value.strerror == "No such file or directory"


def test_an_engine_that_breaks_keeps_its_process_and_what_was_said(child, two_seconds, caplog, capfd):
    before = pid_of(transcribe(child, two_seconds))

    with pytest.raises(EngineFailed, match=r"^ValueError$"):
        transcribe(child, two_seconds, language="break")

    assert pid_of(transcribe(child, two_seconds)) == before
    assert SAID not in caplog.text
    assert SAID not in "".join(capfd.readouterr())


def test_nothing_that_is_printed_spoils_an_answer(child, two_seconds):
    assert transcribe(child, two_seconds, language="babble", vocabulary=("Ready.",)).transcription.text == "Ready."


@pytest.mark.parametrize(
    ("trouble", "error", "words"),
    [
        ("crash", EngineCrashed, "SIGSEGV"),
        ("leave", EngineCrashed, "status 3"),
        ("lie", EngineCrashed, "could not be read"),
        ("be_killed", EngineOutOfMemory, "killed"),
        ("swell", EngineOutOfMemory, "^$"),
    ],
)
def test_a_child_that_is_lost_is_replaced_and_the_reason_is_known(child, two_seconds, trouble, error, words):
    before = child.start().pid

    with pytest.raises(error, match=words):
        transcribe(child, two_seconds, language=trouble)

    assert not psutil.pid_exists(before)
    assert pid_of(transcribe(child, two_seconds)) != before


def test_it_is_killed_when_its_time_is_over_with_all_it_started(child, two_seconds, monkeypatch):
    monkeypatch.setattr(subprocess_transcriber, "GRACE_SECONDS", 0)
    monkeypatch.setattr(subprocess_transcriber, "allowance", lambda seconds, pace: 4)
    lost, helpers = psutil.Process(child.start().pid), set()

    with pytest.raises(DeadlineExceeded):
        transcribe(child, two_seconds, language="hang", on_progress=lambda seconds: helpers.update(lost.children()))

    assert len(helpers) == 1
    assert _have_ended(lost, *helpers)


def test_no_recording_gets_more_time_than_there_is(child, two_seconds, monkeypatch):
    monkeypatch.setattr(subprocess_transcriber, "GRACE_SECONDS", 0)
    started = time.monotonic()

    with pytest.raises(DeadlineExceeded):
        transcribe(child, two_seconds, language="hang", deadline=started + 0.3)

    assert time.monotonic() - started < 10


def test_who_stops_listening_stops_the_work(child, two_seconds):
    before = child.start().pid

    def lose(seconds):
        raise LookupError("someone else has the note")

    with pytest.raises(LookupError):
        transcribe(child, two_seconds, language="hang", on_progress=lose)

    assert not psutil.pid_exists(before)


def test_a_child_that_died_in_its_sleep_is_missed_by_nobody(child, two_seconds):
    process = psutil.Process(child.start().pid)
    process.kill()
    process.wait()

    assert pid_of(transcribe(child, two_seconds)) != process.pid


# --- getting ready ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("engine", "reason"), [("Nothing", "TRANSCRIPTION_ENGINE"), ("CrashesWhenLoaded", "SIGABRT")])
def test_without_an_engine_recordings_wait(two_seconds, engine, reason):
    child = SubprocessTranscriber(config(engine))

    with pytest.raises(EngineUnavailable, match=reason):
        child.load()
    with pytest.raises(EngineUnavailable, match=reason):
        transcribe(child, two_seconds)

    assert child._process is None  # nor was it started for the second


def test_it_is_tried_again_after_a_rest(two_seconds, tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess_transcriber, "REST_SECONDS", 0)
    monkeypatch.syspath_prepend(tmp_path)
    child = SubprocessTranscriber(TranscriberConfig(EngineConfig("comes_late.FakeEngine")))
    with pytest.raises(EngineUnavailable):
        child.load()

    (tmp_path / "comes_late.py").write_text("from notes.engines.fake import FakeEngine")
    assert transcribe(child, two_seconds).transcription.engine == "fake"
    child.stop()


def test_a_recording_does_not_wait_for_a_model_for_ever(two_seconds):
    child = SubprocessTranscriber(TranscriberConfig(EngineConfig("fake")))

    with pytest.raises(EngineUnavailable, match="still being loaded"):
        transcribe(child, two_seconds, deadline=time.monotonic() + 0.05)

    assert child._process.is_alive()
    child.load()
    child.stop()


def test_each_process_has_its_own():
    assert get_transcriber() is get_transcriber()
    assert isinstance(get_transcriber(), SubprocessTranscriber)


# --- alone in the world -------------------------------------------------------------------------------------------

PARENT = """
import sys, time
from notes.engines.base import EngineConfig
from notes.transcriber.base import TranscriberConfig, TranscriptionRequest
from notes.transcriber.subprocess_transcriber import SubprocessTranscriber
child = SubprocessTranscriber(TranscriberConfig(EngineConfig("tests.notes.transcriber.engines.Troubled")))
child.load()
print(child.start().pid, flush=True)
if sys.argv[2:]:
    say_so = lambda seconds: print("listening", flush=True)
    child.transcribe(TranscriptionRequest([sys.argv[1]], language="hang", max_seconds=10), on_progress=say_so)
time.sleep(600)
"""


@pytest.mark.parametrize("work", [[], ["in the middle of it"]])
def test_it_dies_with_its_parent(two_seconds, work):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(two_seconds), *work],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    child = psutil.Process(int(parent.stdout.readline()))
    if work:
        assert parent.stdout.readline() == "listening\n"

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert _have_ended(child)
    parent.stdout.close()


def _have_ended(*processes):
    """Where nobody collects orphans, they stay as zombies."""
    _, alive = psutil.wait_procs(processes, timeout=5)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)
