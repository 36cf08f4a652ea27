"""What a verb needs around its writes: one transaction, and the database's refusals in words."""

import functools
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg2 import errors as pg

from config.errors import Busy

# Lost a race for a lock, or waited too long for it: nothing was written, and trying again may succeed.
LOST_RACES = (pg.DeadlockDetected, pg.LockNotAvailable, pg.SerializationFailure)

_undoing: ContextVar[ExitStack | None] = ContextVar("undoing", default=None)


def one_transaction(verb):
    """Run a verb in one transaction; a lost lock race becomes Busy."""

    @functools.wraps(verb)
    def run(**arguments):
        try:
            with transaction.atomic():
                return verb(**arguments)
        except OperationalError as error:
            if is_lost_race(error):
                raise Busy from error
            raise

    return run


def is_lost_race(error):
    return isinstance(error, OperationalError) and isinstance(error.__cause__, LOST_RACES)


@contextmanager
def undoing():
    """Around a transaction: when it fails, what `if_undone` was told in it is called, the last first."""
    with ExitStack() as acts:
        outer = _undoing.set(acts)
        try:
            yield
        finally:
            _undoing.reset(outer)
        acts.pop_all()


def if_undone(act, *arguments):
    """Call that when the transaction fails which goes on around the caller's own: it takes back what no database does.

    Nothing where there is none with `undoing` around it: then the caller's own has been committed.
    """
    if acts := _undoing.get():
        acts.callback(act, *arguments)


@contextmanager
def refused_by(constraint, refusal):
    """Raise `refusal` when the database refuses what happens inside by the constraint of that name.

    A function in its place is asked for the error only then. The transaction around it can go on: only what
    happened inside is undone.
    """
    with giving_up_on(constraint, refusal), transaction.atomic():
        yield


@contextmanager
def giving_up_on(constraint, refusal):
    """As `refused_by` where the whole transaction is given up with `refusal`: two statements less."""
    try:
        yield
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != constraint:
            raise
        raise (refusal() if callable(refusal) else refusal) from error
