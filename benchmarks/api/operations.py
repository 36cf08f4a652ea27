"""Each operation beside a bare Django view on the same server: one client in turn, then as fast as it goes."""

import datetime as dt
import itertools
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.api.clients import Browser, Connection, Program
from benchmarks.api.filled_server import make_flats
from reservations.stay import Stay

ROUNDS, WARM_UP = 200, 10
CLIENTS, SECONDS, RATES = 8, 1.5, 5
ROWS = "/api/v1/reservations/?limit=100"


@dataclass(frozen=True)
class Figure:
    what: str
    times: list[float]  # milliseconds, one client
    rate: float  # answers per second to CLIENTS of them, the median of RATES times SECONDS

    def at(self, percent):
        return statistics.quantiles(self.times, n=100)[percent - 1]


def measure(server, account, secret):
    """A Figure for each operation; the bare view's first."""
    works = _works(server, account, secret)
    times = _in_turn({what: make() for what, make in works.items()})
    rates = {what: [] for what in works}
    for _ in range(RATES):
        for what, make in works.items():
            rates[what].append(_rate(make))
    for what in works:
        yield Figure(what, times[what], statistics.median(rates[what]))


def _works(server, account, secret):
    """By name: what makes a client of its own, as a function that asks once."""
    stays = FreeStays(make_flats(server, 40))
    reference = Program(server.url, secret).get(f"{ROWS}&fields=reference").split(b'"')[-2].decode()
    today = dt.datetime.now(dt.UTC).date()
    free = f"/api/v1/properties/1/availability/?date={today + dt.timedelta(days=10)}&nights=3"
    cookies = Browser(server.url, account).cookies

    def reading(path):
        def make():
            program = Program(server.url, secret)
            return lambda: program.get(path)

        return make

    def booking(make_client, done):
        def make():
            client = make_client()

            def book():
                if (status := client.book(*next(stays))) != done:
                    raise RuntimeError(f"a booking was answered {status}")

            return book

        return make

    def bare():
        connection = Connection(server.url)
        return lambda: connection.get("/bare/")

    return {
        "a bare Django view": bare,
        "list 100 reservations": reading(ROWS),
        "list 100, newest first": reading(f"{ROWS}&ordering=-created_at"),
        "list 100 from today on": reading(f"{ROWS}&since={today}"),
        "read a reservation": reading(f"/api/v1/reservations/{reference}/"),
        "availability of a hotel": reading(free),
        "book": booking(lambda: Program(server.url, secret), 201),
        "book by the web form": booking(lambda: Browser(server.url, cookies=cookies), 302),
    }


class FreeStays:
    """Endless, each another one; any thread may ask for the next."""

    FIRST = dt.date(2030, 1, 1)

    def __init__(self, flats):
        self.flats = flats
        self.numbers = itertools.count()  # `next` of it is one step, which no other thread gets between

    def __next__(self):
        round_, flat = divmod(next(self.numbers), len(self.flats))
        return self.flats[flat], Stay.of_nights(self.FIRST + dt.timedelta(days=4 * round_), 3)


def _in_turn(asks):
    """Milliseconds by name: every round asks each once, so that all meet the same machine."""
    times = {what: [] for what in asks}
    for _ in range(WARM_UP + ROUNDS):
        for what, ask in asks.items():
            started = time.perf_counter()
            ask()
            times[what].append(1000 * (time.perf_counter() - started))
    return {what: found[WARM_UP:] for what, found in times.items()}


def _rate(make):
    """Answers per second that CLIENTS get who ask again as soon as they are answered."""
    until = time.perf_counter() + SECONDS

    def run(ask):
        count = 0
        while time.perf_counter() < until:
            ask()
            count += 1
        return count

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(run, [make() for _ in range(CLIENTS)])) / SECONDS
