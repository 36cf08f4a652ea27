"""The order of the API's event feed: by the transaction that wrote an event, then by the event's key.

Keys and instants are assigned before the commit. A reader that continued after the largest key it has seen would miss
the event of a transaction that commits later with a smaller key. Transactions that are older than every running one
have ended, so no further events of theirs can appear.
"""

from django.db import connection, transaction

# A snapshot lists the running transactions of all databases of the server, but those of other databases write no events
# here. Each transaction holds a lock on its own number, and the lock's process says in which database it runs. This is
# queried before the snapshot is taken: transactions that begin in between are newer than all events that are shown. One
# that is not found is treated as one of this database.
ELSEWHERE = """
    SELECT coalesce(array_agg(transactionid::text), '{}') FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock'
    AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
"""
OLDEST = """
    SELECT coalesce(min(running), pg_snapshot_xmax(pg_current_snapshot()))::text::bigint
    FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    WHERE running::xid::text <> ALL (%s)
"""
# Events from a dump of another server have numbers of its transactions. If these have not been reached here, they would
# count as running for years. Such events are older than all that are written here, so their number is set to 0.
ADOPT = """
    UPDATE reservations_event SET written_in = 0
    WHERE id <= (SELECT max(id) FROM reservations_event WHERE written_in >= %s)
"""
IS_APPEND_ONLY = "ALTER TABLE reservations_event {} TRIGGER event_is_append_only"


def oldest_transaction():
    """The number of the oldest running transaction of this database, or of the next one if none runs. Two queries."""
    return _value_of(OLDEST, [_value_of(ELSEWHERE)])


def adopt_restored():
    """Order events that were restored from another server before all others. Returns how many there were."""
    following = _value_of("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    if (_value_of("SELECT max(written_in) FROM reservations_event") or 0) < following:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(IS_APPEND_ONLY.format("DISABLE"))
        cursor.execute(ADOPT, [following])
        adopted = cursor.rowcount
        cursor.execute(IS_APPEND_ONLY.format("ENABLE"))
    return adopted


def _value_of(statement, parameters=None):
    """The first column of the statement's first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
