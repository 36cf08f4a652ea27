"""The queue, with connections of their own as the cluster's processes have them."""

import datetime as dt
import pickle
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from config.broker import NotifiedBroker
from tests.concurrency.crowd import at_once
from tests.config.test_notifications import end_all_but_ours

pytestmark = pytest.mark.django_db(transaction=True)

# Far longer than a signal takes; a test that waits so long has failed.
PATIENCE_SECONDS = 20


@pytest.fixture
def broker():
    broker = get_broker()
    assert isinstance(broker, NotifiedBroker)
    yield broker
    if broker._listener:
        broker._listener.close()


@pytest.fixture
def poll(monkeypatch):
    def every(seconds):
        monkeypatch.setattr(Conf, "POLL", seconds)

    return every


def enqueued(*payloads):
    return [get_broker().enqueue(payload) for payload in payloads]


def test_it_gives_the_oldest_task_first_and_one_at_a_time(broker):
    first, second = enqueued("first", "second")

    assert broker.dequeue() == [(first, "first")]
    assert broker.dequeue() == [(second, "second")]


def test_it_gives_a_task_that_was_given_back_after_those_that_wait_longer(broker):
    again, waiting = enqueued("again", "waiting")
    OrmQ.objects.filter(pk=again).update(lock=timezone.now())

    assert [broker.dequeue() for _ in range(2)] == [[(waiting, "waiting")], [(again, "again")]]


def test_a_task_is_hidden_until_its_retry_is_due(broker, poll, database_clock):
    poll(0)
    before = timezone.now()
    [task] = enqueued("task")
    broker.dequeue()

    assert OrmQ.objects.get().lock - before == pytest.approx(
        dt.timedelta(seconds=Conf.RETRY), abs=dt.timedelta(seconds=5)
    )
    assert broker.dequeue() is None
    database_clock.shift(dt.timedelta(seconds=Conf.RETRY + 1))
    assert broker.dequeue() == [(task, "task")]


def test_an_acknowledged_task_is_gone(broker, poll):
    poll(0)
    [task] = enqueued("task")

    broker.dequeue()
    broker.acknowledge(task)

    assert not OrmQ.objects.exists()


def test_it_leaves_other_queues_alone(broker, poll):
    poll(0)
    get_broker("other").enqueue("task")

    assert broker.dequeue() is None


def test_many_that_ask_at_once_get_each_task_once(broker):
    tasks = enqueued(*"abcdefgh")

    given = at_once(8, lambda number: get_broker()._claim())

    assert sorted(key for [(key, payload)] in given) == tasks


def test_a_commit_wakes_whoever_waits(broker, poll):
    poll(PATIENCE_SECONDS)
    broker._connected_listener()
    given = []
    waiting = threading.Thread(target=lambda: at_once(1, lambda number: given.append(broker.dequeue())))
    with transaction.atomic():
        async_task("notes.tasks.transcribe", "x")
        waiting.start()
        assert not given
    started = time.monotonic()
    waiting.join()

    assert OrmQ.objects.get().pk == given[0][0][0]
    assert time.monotonic() - started < PATIENCE_SECONDS / 2


def test_nothing_is_woken_for_a_task_that_was_rolled_back(broker, poll):
    poll(0.05)
    with transaction.atomic():
        async_task("notes.tasks.transcribe", "x")
        transaction.set_rollback(True)

    assert broker.dequeue() is None
    assert broker._listener.wait(0) == []


def test_a_lost_connection_is_made_anew_and_nothing_is_raised(broker, poll, caplog):
    poll(0.01)
    broker.dequeue()
    poll(1)  # in which the loss is noticed, at once as a rule
    end_all_but_ours()

    assert broker.dequeue() is None
    assert broker._listener is None
    poll(0.01)
    [task] = enqueued("task")
    assert broker.dequeue() == [(task, "task")]
    assert broker.dequeue() is None
    assert broker._listener.wait(0) == []
    assert caplog.text.count("does not signal tasks") == 1


def test_it_looks_by_the_clock_where_no_signals_can_be_had(broker, poll, monkeypatch):
    poll(0.01)
    monkeypatch.setattr("config.broker.CHANNEL", "")  # LISTEN "" is refused
    a_second_ago = timezone.now() - dt.timedelta(seconds=1)
    task = OrmQ.objects.create(key=broker.list_key, payload="x", lock=a_second_ago).pk

    assert broker.dequeue() == [(task, "x")]
    assert broker.dequeue() is None


def test_a_database_that_is_away_is_waited_for(broker, poll, monkeypatch):
    poll(0.01)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    assert broker.dequeue() is None
    monkeypatch.undo()
    poll(0.01)
    connection.close()
    [task] = enqueued("task")
    assert broker.dequeue() == [(task, "task")]


def test_it_can_be_handed_to_another_process(broker):
    enqueued("task")
    broker.dequeue()

    copy = pickle.loads(pickle.dumps(broker))

    assert (copy.list_key, copy._listener) == (broker.list_key, None)
