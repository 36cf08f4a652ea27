"""One command runs everything, mends what dies, and leaves nothing behind."""

import signal
import socket
import urllib.error
import urllib.request

import psutil
import pytest

from tests.server import RunningServer

pytestmark = [pytest.mark.e2e, pytest.mark.full]

COUNT = """
from notes.models import VoiceNote
from reservations.models import Occupancy
print(Occupancy.objects.count(), VoiceNote.objects.count())
"""


def part(server, word):
    """The child of `serve` whose command line has `word`."""
    children = psutil.Process(server.process.pid).children()
    return next(child for child in children if word in " ".join(child.cmdline()))


def database_of(server):
    return psutil.Process(int((server.var / "postgres" / "postmaster.pid").read_text().split()[0]))


def all_of(server):
    return [database_of(server), *psutil.Process(server.process.pid).children(recursive=True)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """It is mended before the next test."""
    with RunningServer(tmp_path_factory.mktemp("server")) as server:
        yield server


def test_a_web_server_that_is_killed_is_started_again(server):
    killed = part(server, "gunicorn")
    orphans = killed.children()
    killed.kill()
    psutil.wait_procs([killed, *orphans], timeout=30)

    server.wait_until_it_answers()

    assert part(server, "gunicorn").pid != killed.pid


def test_ctrl_c_ends_web_worker_and_database_and_the_next_start_finds_the_data(tmp_path):
    with RunningServer(tmp_path / "server", DEMO="true") as server:
        account = (server.var / "demo-account").read_text()
        before = server.run(COUNT)
        everyone = all_of(server)
        while len(everyone) <= 5:  # the worker's own come last
            everyone = all_of(server)

        assert server.stop(signal.SIGINT) == 0

        assert psutil.wait_procs(everyone, timeout=30)[1] == []
        assert "Traceback" not in server.log.read_text()

    with RunningServer(tmp_path / "server", DEMO="true") as server:
        assert server.run(COUNT) == before
        assert (server.var / "demo-account").read_text() == account
        assert account.split()[1] in server.log.read_text()


def test_a_taken_port_is_said_in_words(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = RunningServer(tmp_path / "server", PORT=taken.getsockname()[1])
        with pytest.raises(RuntimeError) as refused:
            server.__enter__()

    assert "Set PORT to another number" in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_health_says_when_the_database_is_gone_and_serve_brings_it_back(server):
    serve, killed = psutil.Process(server.process.pid), database_of(server)
    serve.suspend()  # it would be quicker than the question
    everything = [killed, *killed.children()]
    killed.kill()
    assert psutil.wait_procs(everything, timeout=30)[1] == []

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{server.url}/healthz", timeout=10).close()
    serve.resume()
    server.wait_until_it_answers()

    assert answer.value.code == 503
    assert database_of(server).pid != killed.pid
    assert server.run(COUNT) == "0 0\n"
