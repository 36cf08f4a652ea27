"""What a verb needs around its writes: one transaction, and the database's refusals in words."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import psycopg2
from django.db import IntegrityError, OperationalError, transaction
from psycopg2 import errors as pg

from config.errors import Busy

# Lost a race for a lock, or waited too long for it: nothing was written, and trying again may succeed.
LOST_RACES = (pg.DeadlockDetected, pg.LockNotAvailable, pg.SerializationFailure)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_undoing: ContextVar[ExitStack | None] = ContextVar("undoing", default=None)


def one_transaction(verb: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a verb in one transaction. Raises Busy when a lock was waited for too long, or two waited for each other."""

    @functools.wraps(verb)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except OperationalError as error:
            if is_lost_race(error):
                raise Busy from error
            raise

    return run


def is_lost_race(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and isinstance(error.__cause__, LOST_RACES)


@contextmanager
def undoing() -> Iterator[None]:
    """Around a transaction: if it fails, the functions given to `if_undone` in it are called, the last one first."""
    with ExitStack() as acts:
        outer = _undoing.set(acts)
        try:
            yield
        finally:
            _undoing.reset(outer)
        acts.pop_all()


def if_undone(act: Callable[..., object], *arguments: Any) -> None:
    """Call `act(*arguments)` if the transaction inside of `undoing` fails, to take back what a rollback does not.

    Outside of `undoing` nothing is remembered: the caller's own transaction has been committed by then.
    """
    if acts := _undoing.get():
        acts.callback(act, *arguments)


@contextmanager
def refused_by(constraint: str, refusal: Exception | Callable[[], Exception]) -> Iterator[None]:
    """Raise `refusal` when the database refuses what happens inside by the constraint of that name.

    A function in its place is called for the error only then. The transaction around it can go on: only what
    happened inside is rolled back.
    """
    with giving_up_on(constraint, refusal), transaction.atomic():
        yield


@contextmanager
def giving_up_on(constraint: str, refusal: Exception | Callable[[], Exception]) -> Iterator[None]:
    """Do as `refused_by` where `refusal` ends the whole transaction: without a savepoint, which is two statements."""
    try:
        yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg2.Error) or error.__cause__.diag.constraint_name != constraint:
            raise
        raise (refusal() if callable(refusal) else refusal) from error
