"""A hundred clients, one apartment, the same nights: by the API and by the web form in turn."""

import datetime as dt
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks.api.clients import Browser, Program
from benchmarks.api.filled_server import make_flats
from reservations.stay import Stay

CLIENTS, ROUNDS = 100, 5
STAY = Stay.of_nights(dt.date(2030, 1, 1), 3)


def measure(server, account, secret):
    """Milliseconds of all answers: (by the API, by the form)."""
    cookies = Browser(server.url, account).cookies
    flats = iter(make_flats(server, 2 * ROUNDS))
    by_api, by_form = [], []
    for _ in range(ROUNDS):
        by_api += _race([Program(server.url, secret) for _ in range(CLIENTS)], next(flats), {201: 1, 409: 99})
        by_form += _race([Browser(server.url, cookies=cookies) for _ in range(CLIENTS)], next(flats), {302: 1, 409: 99})
    return by_api, by_form


def _race(clients, flat, expected):
    barrier = threading.Barrier(CLIENTS)

    def book(client):
        barrier.wait()
        started = time.perf_counter()
        return client.book(flat, STAY), 1000 * (time.perf_counter() - started)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(book, clients))
    if (found := Counter(status for status, _ in answers)) != expected:
        raise RuntimeError(f"the race was answered {dict(found)}")
    return [milliseconds for _, milliseconds in answers]
