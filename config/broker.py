"""django-q2's queue in our own database, whose worker is woken by the commit of a task instead of by the clock.

Asking five times a second costs 0.1 s for each note, and the note's text is to be there within one.
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

# One row, whoever else asks at the same moment; the oldest first, so that nobody waits for ever.
CLAIM = """
UPDATE django_q_ormq SET lock = statement_timestamp() + %(retry)s WHERE id = (
  SELECT id FROM django_q_ormq WHERE key = %(key)s AND lock < statement_timestamp()
  ORDER BY lock, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, payload
"""


class NotifiedBroker(ORM):
    """Looks each `poll` seconds as well: for tasks whose retry is due, and where no signal comes through."""

    _heard: Listening | None
    _pid: int | None  # the process that listens
    _is_troubled: bool

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._forget()

    def __setstate__(self, state: Any) -> None:
        super().__setstate__(state)
        self._forget()

    def info(self) -> str:
        return f"ORM {Conf.ORM}, notified"

    def enqueue(self, task: str) -> int:
        """Store the task and signal it, both in the caller's transaction; returns its key.

        It is due by the database's clock: a server whose own clock is fast would hide its tasks from the workers.
        """
        row = self.get_connection().create(key=self.list_key or Conf.CLUSTER_NAME, payload=task, lock=Now())
        notify(CHANNEL)
        return row.pk

    def dequeue(self) -> list[tuple[int, str]] | None:
        """[(id, payload)] of one task, or None after `poll` seconds. Never raises: the cluster would sleep for 10 s."""
        listening = self._listening()  # before the first look: what comes between look and wait is then heard
        try:
            return self._claim() or (self._wait(listening) and self._claim()) or None
        except Error as error:
            self._complain(error)
            time.sleep(Conf.POLL)
            return None

    def _claim(self) -> list[tuple[int, str]]:
        self.get_connection()  # drops a connection that has become unusable
        values = {"key": self.list_key, "retry": dt.timedelta(seconds=Conf.RETRY)}
        with connections[Conf.ORM].cursor() as cursor:
            cursor.execute(CLAIM, values)
            return cursor.fetchall()

    def _wait(self, listening: Listening | None) -> bool:
        """Whether there may be something now; without signals that is so after each pause."""
        if listening is None:
            time.sleep(Conf.POLL)
            return True
        try:
            return bool(listening.wait(Conf.POLL))
        except ConnectionLost as lost:
            self._complain(lost)
            listening.close()
            self._heard = None
            return True

    def _listening(self) -> Listening | None:
        """One in each process, because a connection does not survive the cluster's fork; None where none can be had."""
        if self._pid != os.getpid():
            self._heard, self._pid = None, os.getpid()
        if self._heard is None:
            try:
                self._heard = Listening(CHANNEL)
                self._is_troubled = False
            except ConnectionLost as lost:
                self._complain(lost)
        return self._heard

    def _complain(self, error: Exception) -> None:
        """Once, until it goes well again."""
        if not self._is_troubled:
            cause = type(error.__cause__ or error).__name__
            logger.warning("The database does not signal tasks (%s); looking each %s s.", cause, Conf.POLL)
        self._is_troubled = True

    def _forget(self) -> None:
        self._heard, self._pid, self._is_troubled = None, None, False
