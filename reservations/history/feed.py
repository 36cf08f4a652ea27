"""In which order those who follow what happens are told of it: by the transaction that wrote an event, then by its key.

Keys and instants are drawn before the commit: a reader that goes by them alone misses the slower of two writers. Of
transactions that are older than every running one, all is known and nothing more will come.
"""

from django.db import connection, transaction

# Snapshots count the transactions of all databases of the server; those of others write no events of ours. Each holds
# a lock on its own number, which says where it runs. Asked before the snapshot is taken: who ends in between is known,
# and who begins in between is younger than all that there is to tell. One that is not found is taken for ours.
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
# A dump that is restored elsewhere brings numbers of transactions that have not been there: they would seem to run for
# years to come. All that came with them is older than anything there.
ADOPT = """
    UPDATE reservations_event SET written_in = 0
    WHERE id <= (SELECT max(id) FROM reservations_event WHERE written_in >= %s)
"""
IS_APPEND_ONLY = "ALTER TABLE reservations_event {} TRIGGER event_is_append_only"


def oldest_transaction():
    """The number of the oldest transaction that still runs in this database, or of the next one to begin. Two
    queries."""
    return _ask(OLDEST, [_ask(ELSEWHERE)])


def adopt_restored():
    """Put events that were written in another database before all others. Returns how many there were."""
    following = _ask("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    if (_ask("SELECT max(written_in) FROM reservations_event") or 0) < following:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(IS_APPEND_ONLY.format("DISABLE"))
        cursor.execute(ADOPT, [following])
        adopted = cursor.rowcount
        cursor.execute(IS_APPEND_ONLY.format("ENABLE"))
    return adopted


def _ask(question, values=None):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]
