"""Notifications between processes, by PostgreSQL's NOTIFY and LISTEN.

A notification only says that a query may now find something. It is lost when no process listens, so a process that
waits also polls. Payloads are keys and nothing confidential, because the server may log statements.
"""

import contextlib
import select
import time
from collections.abc import Iterator

import psycopg2
from django import db
from psycopg2 import sql


class ConnectionLost(Exception):
    """The connection to the database is lost; a new Listening is needed."""


def notify(channel: str, payload: str = "") -> None:
    """Send a notification. It is delivered when the caller's transaction commits, and not after a rollback."""
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


@contextlib.contextmanager
def listening(channel: str) -> Iterator["Listening"]:
    """A context manager with a Listening for notifications from now on. Raises ConnectionLost."""
    listener = Listening(channel)
    try:
        yield listener
    finally:
        listener.close()


class Listening:
    """A database connection that listens on a channel. Only one thread at a time may use it, in the same process."""

    def __init__(self, channel: str) -> None:
        """Raises ConnectionLost when the database accepts no connection."""
        self._database = db.connection.copy()
        try:
            with self._database.cursor() as cursor:
                cursor.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        except db.Error as error:
            self.close()
            raise ConnectionLost from error

    def wait(self, seconds: float) -> list[str]:
        """The payloads that have arrived, as soon as there are any; [] if none arrives within `seconds`.

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
        """Wait until data arrive, at most `seconds`. Not with select(), which is limited to 1024 open files."""
        sockets = select.poll()
        sockets.register(self._database.connection.fileno(), select.POLLIN)
        sockets.poll(seconds * 1000)
