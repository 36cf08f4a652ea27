"""One command runs everything, mends what dies, and leaves nothing behind."""

import signal
import socket
import urllib.error
import urllib.request

import psutil
import pytest

from tests.house import House

pytestmark = [pytest.mark.e2e, pytest.mark.full]

COUNT = """
from notes.models import VoiceNote
from reservations.models import Occupancy
print(Occupancy.objects.count(), VoiceNote.objects.count())
"""


def part(house, word):
    """The child of `serve` whose command line has `word`."""
    children = psutil.Process(house.process.pid).children()
    return next(child for child in children if word in " ".join(child.cmdline()))


def database_of(house):
    return psutil.Process(int((house.var / "postgres" / "postmaster.pid").read_text().split()[0]))


def all_of(house):
    return [database_of(house), *psutil.Process(house.process.pid).children(recursive=True)]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """It is mended before the next test."""
    with House(tmp_path_factory.mktemp("house")) as house:
        yield house


def test_a_web_server_that_is_killed_is_started_again(house):
    killed = part(house, "gunicorn")
    orphans = killed.children()
    killed.kill()
    psutil.wait_procs([killed, *orphans], timeout=30)

    house.wait_until_it_answers()

    assert part(house, "gunicorn").pid != killed.pid


def test_ctrl_c_ends_web_worker_and_database_and_the_next_start_finds_the_data(tmp_path):
    with House(tmp_path / "house", DEMO="true") as house:
        account = (house.var / "demo-account").read_text()
        before = house.run(COUNT)
        everyone = all_of(house)
        while len(everyone) <= 5:  # the worker's own come last
            everyone = all_of(house)

        assert house.stop(signal.SIGINT) == 0

        assert psutil.wait_procs(everyone, timeout=30)[1] == []
        assert "Traceback" not in house.log.read_text()

    with House(tmp_path / "house", DEMO="true") as house:
        assert house.run(COUNT) == before
        assert (house.var / "demo-account").read_text() == account
        assert account.split()[1] in house.log.read_text()


def test_a_taken_port_is_said_in_words(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        house = House(tmp_path / "house", PORT=taken.getsockname()[1])
        with pytest.raises(RuntimeError) as refused:
            house.__enter__()

    assert "Set PORT to another number" in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_health_says_when_the_database_is_gone_and_serve_brings_it_back(house):
    serve, killed = psutil.Process(house.process.pid), database_of(house)
    serve.suspend()  # it would be quicker than the question
    everything = [killed, *killed.children()]
    killed.kill()
    assert psutil.wait_procs(everything, timeout=30)[1] == []

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{house.url}/healthz", timeout=10).close()
    serve.resume()
    house.wait_until_it_answers()

    assert answer.value.code == 503
    assert database_of(house).pid != killed.pid
    assert house.run(COUNT) == "0 0\n"
