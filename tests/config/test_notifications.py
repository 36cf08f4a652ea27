"""With connections of their own, as between two processes."""

import threading
import time

import pytest
from django.db import connection, transaction

from config.notifications import ConnectionLost, listening, notify
from tests.concurrency.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CHANNEL = "tests_channel"
# Far longer than a notification takes; a test that waits so long has failed.
PATIENCE_SECONDS = 20


def test_it_hears_what_others_notify():
    with listening(CHANNEL) as heard:
        at_once(1, lambda number: notify(CHANNEL, "a note"))

        assert heard.wait(PATIENCE_SECONDS) == ["a note"]


def test_it_wakes_whoever_waits_already():
    with listening(CHANNEL) as heard:
        speaker = threading.Timer(0.05, lambda: at_once(1, lambda number: notify(CHANNEL, "a note")))
        speaker.start()

        assert heard.wait(PATIENCE_SECONDS) == ["a note"]
        speaker.join()


def test_it_hears_each_signal_once_and_in_order():
    with listening(CHANNEL) as heard:
        with transaction.atomic():
            for payload in "abc":
                notify(CHANNEL, payload)

        assert heard.wait(PATIENCE_SECONDS) == ["a", "b", "c"]
        assert heard.wait(0) == []


def test_it_waits_no_longer_than_it_is_told():
    with listening(CHANNEL) as heard:
        started = time.monotonic()

        assert heard.wait(0.05) == []
        assert 0.05 <= time.monotonic() - started < 5


def test_it_hears_nothing_of_other_channels():
    with listening(CHANNEL) as heard:
        notify("tests_other_channel", "a note")
        notify(CHANNEL)

        assert heard.wait(PATIENCE_SECONDS) == [""]


def test_a_signal_comes_with_the_commit_and_never_without():
    with listening(CHANNEL) as heard:
        with transaction.atomic():
            notify(CHANNEL, "kept")
            assert heard.wait(0) == []
        with transaction.atomic():
            notify(CHANNEL, "rolled back")
            transaction.set_rollback(True)

        assert heard.wait(PATIENCE_SECONDS) == ["kept"]
        assert heard.wait(0) == []


def test_it_says_when_the_connection_is_lost():
    with listening(CHANNEL) as heard:
        end_all_but_ours()

        with pytest.raises(ConnectionLost):
            heard.wait(PATIENCE_SECONDS)
        with pytest.raises(ConnectionLost):  # and goes on saying so
            heard.wait(0)


def test_it_says_when_no_connection_can_be_had(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")

    with pytest.raises(ConnectionLost), listening(CHANNEL):
        pytest.fail("there is nothing to listen to")


def test_it_leaves_no_connection_behind():
    with listening(CHANNEL) as heard:
        session = heard._database.connection
        assert not session.closed

    assert session.closed


def end_all_but_ours():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
