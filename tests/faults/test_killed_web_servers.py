"""A web server that is killed while it books: whoever asks again with the same key books once, and is told where."""

import re

import pytest

from tests.api.over_http import Caller
from tests.faults import killing
from tests.server import RunningServer

pytestmark = [pytest.mark.e2e, pytest.mark.full]

COUNT = """
from api.models import IdempotentResponse
from reservations.models import Event, Guest, Reservation
print("count", *(model.objects.count() for model in (Reservation, Guest, Event, IdempotentResponse)))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One process answers: who asks again is answered by another one, which remembers nothing."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.killing_settings", "WEB_WORKERS": 1}
    with RunningServer(tmp_path_factory.mktemp("killed"), **settings) as server:
        yield server


@pytest.fixture(scope="module")
def program(server):
    return Caller(server, "program")


def make_apartment(server):
    printed = server.run("from tests.factories import *; print('key', make_apartment().pk)")
    return int(re.search(r"key (\d+)", printed)[1])


def rows(server):
    """Of reservations, guests, events and kept answers."""
    return tuple(map(int, re.search(r"count ([\d ]+)", server.run(COUNT))[1].split()))


@pytest.mark.parametrize("point", killing.POINTS)
def test_who_asks_again_after_the_server_died_has_booked_once(server, program, point):
    flat = make_apartment(server)
    body = {"property": flat, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "Amara Okafor"}
    before = rows(server)

    lost = program.post("/reservations/", body, idempotency_key=point, **{killing.HEADER: point})
    between = rows(server)
    again = program.post("/reservations/", body, idempotency_key=point)

    was_done = point == "before-the-answer"
    assert lost is None
    assert between == tuple(count + was_done for count in before)
    assert again.status == 201
    assert ("Idempotency-Replayed" in again.headers) == was_done
    found = program.get(f"/reservations/?property={flat}").json()["results"]
    assert [row["reference"] for row in found] == [again.json()["reference"]]
    assert rows(server) == tuple(count + 1 for count in before)
