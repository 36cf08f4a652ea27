"""Two ways of doing the same thing, timed in turn, so that both meet the same machine."""

import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

WARM_UP = 5


@dataclass(frozen=True)
class Figure:
    """Medians in milliseconds. `target` is how many times the limit ours may take."""

    what: str
    limit: float
    ours: float
    target: float
    queries: int | None = None
    buffers: int | None = None  # of the database, in the worst of the questions asked
    remark: str = ""

    @property
    def ratio(self):
        return self.ours / self.limit

    @property
    def is_met(self):
        return self.ratio <= self.target


def in_turn(limit, ours, draws):
    """Medians of `limit(*draw)` and `ours(*draw)` over all draws, in milliseconds."""
    times = [(_timed(limit, draw), _timed(ours, draw)) for draw in draws]
    return tuple(1000 * statistics.median(side) for side in zip(*times[WARM_UP:], strict=True))


def work_of(ours, draws):
    """How many queries it is, and how many buffers they touch: the most of all draws."""
    found = []
    for draw in draws:
        with CaptureQueriesContext(connection) as asked:
            ours(*draw)
        found.append((len(asked), sum(_buffers(query["sql"]) for query in asked)))
    return max(queries for queries, _ in found), max(buffers for _, buffers in found)


def _timed(work, draw):
    started = time.perf_counter()
    work(*draw)
    return time.perf_counter() - started


def _buffers(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
