"""django-q2's queue in our own database. A worker is notified when a task is committed and need not poll for it.

With polling five times a second a task would wait 0.1 s on average, and the text of a note is due within one second.
"""

import datetime as dt
import logging
import os
import time
from typing import Any

from django.db import Error, connections
from django.db.models.functions import Now
from django_q.brokers.orm import ORM
from django_q.conf import Conf

from config.notifications import ConnectionLost, Listening, notify

logger = logging.getLogger(__name__)

CHANNEL = "roomtone_queue"

# One row for each worker, also when several ask at the same moment; the oldest task first.
CLAIM = """
UPDATE django_q_ormq SET lock = statement_timestamp() + %(retry)s WHERE id = (
  SELECT id FROM django_q_ormq WHERE key = %(key)s AND lock < statement_timestamp()
  ORDER BY lock, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, payload
"""


class NotifiedBroker(ORM):
    """It also polls, every `poll` seconds: for tasks whose retry is due, and in case no notification arrives."""

    _listener: Listening | None  # the connection on which notifications arrive
    _listener_pid: int | None  # the process that opened it
    _has_warned: bool  # since the last connection that worked

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._reset()

    def __setstate__(self, state: Any) -> None:
        super().__setstate__(state)
        self._reset()

    def info(self) -> str:
        return f"ORM {Conf.ORM}, notified"

    def enqueue(self, task: str) -> int:
        """Store the task and notify the workers, both in the caller's transaction. Returns the task's key.

        It is due at once by the database's clock: with the clock of a server that is fast, workers would find it late.
        """
        row = self.get_connection().create(key=self.list_key or Conf.CLUSTER_NAME, payload=task, lock=Now())
        notify(CHANNEL)
        return row.pk

    def dequeue(self) -> list[tuple[int, str]] | None:
        """[(id, payload)] of one task, or None after `poll` seconds.

        It raises no database error, because the cluster would then sleep for 10 s.
        """
        listener = self._connected_listener()  # before the first query, so that no notification is missed after it
        try:
            return self._claim() or (self._wait(listener) and self._claim()) or None
        except Error as error:
            self._warn_once(error)
            time.sleep(Conf.POLL)
            return None

    def _claim(self) -> list[tuple[int, str]]:
        self.get_connection()  # drops a connection that has become unusable
        values = {"key": self.list_key, "retry": dt.timedelta(seconds=Conf.RETRY)}
        with connections[Conf.ORM].cursor() as cursor:
            cursor.execute(CLAIM, values)
            return cursor.fetchall()

    def _wait(self, listener: Listening | None) -> bool:
        """Wait for at most `poll` seconds. Whether there may be a task: after a notification, or without a listener."""
        if listener is None:
            time.sleep(Conf.POLL)
            return True
        try:
            return bool(listener.wait(Conf.POLL))
        except ConnectionLost as lost:
            self._warn_once(lost)
            listener.close()
            self._listener = None
            return True

    def _connected_listener(self) -> Listening | None:
        """The listener of this process, or None when the database accepts no connection for it.

        Each process opens its own, because a connection cannot be used on both sides of the cluster's fork.
        """
        if self._listener_pid != os.getpid():
            self._listener, self._listener_pid = None, os.getpid()
        if self._listener is None:
            try:
                self._listener = Listening(CHANNEL)
                self._has_warned = False
            except ConnectionLost as lost:
                self._warn_once(lost)
        return self._listener

    def _warn_once(self, error: Exception) -> None:
        """Log a warning, but only one until a connection works again."""
        if not self._has_warned:
            cause = type(error.__cause__ or error).__name__
            logger.warning("The database does not signal tasks (%s); looking each %s s.", cause, Conf.POLL)
        self._has_warned = True

    def _reset(self) -> None:
        self._listener, self._listener_pid, self._has_warned = None, None, False
