"""Signals between processes, by PostgreSQL's NOTIFY and LISTEN.

A signal is a hint to look, never the news itself: it is lost when nobody listens, so whoever waits also looks now
and then. Payloads are keys; the server keeps them in its log when it logs statements.
"""

import contextlib
import select
import time
from collections.abc import Iterator

import psycopg2
from django import db
from psycopg2 import sql


class ConnectionLost(Exception):
    """The database does not answer on this connection any more; listen anew."""


def notify(channel: str, payload: str = "") -> None:
    """Delivered when the caller's transaction commits, and never when it is rolled back."""
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


@contextlib.contextmanager
def listening(channel: str) -> Iterator["Listening"]:
    """What is notified from here on is heard, on a connection of its own. Raises ConnectionLost."""
    heard = Listening(channel)
    try:
        yield heard
    finally:
        heard.close()


class Listening:
    """To be used by one thread at a time, and by none but the process that made it."""

    def __init__(self, channel: str) -> None:
        """Raises ConnectionLost when no connection can be had."""
        self._database = db.connection.copy()
        try:
            with self._database.cursor() as cursor:
                cursor.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        except db.Error as error:
            self.close()
            raise ConnectionLost from error

    def wait(self, seconds: float) -> list[str]:
        """The payloads that have come, at once when some are there already; [] after `seconds` without any.

        Raises ConnectionLost.
        """
        until = time.monotonic() + seconds
        while not (payloads := self._payloads()):
            left = until - time.monotonic()
            if left <= 0:
                break
            self._sleep(left)
        return payloads

    def close(self) -> None:
        with contextlib.suppress(db.Error):
            self._database.close()

    def _payloads(self) -> list[str]:
        raw = self._database.connection
        if raw is None:
            raise ConnectionLost
        try:
            raw.poll()
        except psycopg2.Error as error:
            raise ConnectionLost from error
        payloads = [notification.payload for notification in raw.notifies]
        raw.notifies.clear()
        return payloads

    def _sleep(self, seconds: float) -> None:
        """Until something comes. Not select(), which knows only the first 1024 files of a process."""
        sockets = select.poll()
        sockets.register(self._database.connection.fileno(), select.POLLIN)
        sockets.poll(seconds * 1000)
