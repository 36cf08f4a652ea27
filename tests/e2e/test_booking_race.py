"""The race for a room over HTTP: a running Roomtone, twenty browsers' worth of POSTs at once."""

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

import pytest

CLIENTS = 20

pytestmark = [pytest.mark.e2e, pytest.mark.full]


class Desk:
    """One signed-in client that speaks plain HTTP."""

    def __init__(self, server, account):
        self.url = server.url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.get("/accounts/login/")
        self.post("/accounts/login/", username=account[0], password=account[1])

    def get(self, path):
        with self.opener.open(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path, **fields):
        """The status of the answer, and its body."""
        token = next(cookie.value for cookie in self.cookies if cookie.name.endswith("csrftoken"))
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        try:
            with self.opener.open(self.url + path, body, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


@pytest.fixture(scope="module")
def desks(server):
    return [Desk(server, server.account) for _ in range(CLIENTS)]


@pytest.mark.parametrize("kind", ["apartment", "hotel"])
def test_twenty_clients_book_what_there_is_and_the_others_get_alternatives(server, desks, kind):
    rooms = {"apartment": 1, "hotel": 3}[kind]
    property = server.run(f"from tests.factories import *; print(make_{kind}(*{_rooms(kind)}).pk)")
    barrier = threading.Barrier(CLIENTS)

    def book(number):
        barrier.wait()
        stay = {"arrival": "2027-05-03", "departure": "2027-05-06"}
        return desks[number].post(
            "/reservations/new/", property=_last_number(property), guest=f"Guest {number}", party_size=2, **stay
        )

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(book, range(CLIENTS)))

    assert Counter(status for status, _ in answers) == {200: rooms, 409: CLIENTS - rooms}
    assert all("2027-05-06|2027-05-09" in body for status, body in answers if status == 409)


def _rooms(kind):
    return "[['1', '2', '3']]" if kind == "hotel" else "[]"


def _last_number(printed):
    return re.findall(r"\d+", printed)[-1]
