"""Transactions of verbs, and DomainErrors in place of database errors."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import psycopg2
from django.db import IntegrityError, OperationalError, transaction
from psycopg2 import errors as pg

from config.errors import Busy

# Errors of a transaction that waited too long for a lock or was chosen to be aborted. Running it again may succeed.
LOST_RACES = (pg.DeadlockDetected, pg.LockNotAvailable, pg.SerializationFailure)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_undoing: ContextVar[ExitStack | None] = ContextVar("undoing", default=None)


def one_transaction(verb: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a verb to run in one transaction. It raises Busy after a lock timeout or a deadlock."""

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
    """A context manager around a transaction. If it fails, functions of `if_undone` are called, last one first."""
    with ExitStack() as acts:
        outer = _undoing.set(acts)
        try:
            yield
        finally:
            _undoing.reset(outer)
        acts.pop_all()


def if_undone(act: Callable[..., object], *arguments: Any) -> None:
    """Call `act(*arguments)` if the transaction inside `undoing` fails, to undo what a rollback does not (files).

    Outside `undoing` this does nothing, because the transaction has been committed by then.
    """
    if acts := _undoing.get():
        acts.callback(act, *arguments)


@contextmanager
def refused_by(constraint: str, refusal: Exception | Callable[[], Exception]) -> Iterator[None]:
    """A context manager that raises `refusal` when its block violates the constraint of that name.

    `refusal` may also be a function that makes the error. Only the block is rolled back, to a savepoint, and the
    transaction around it can go on.
    """
    with giving_up_on(constraint, refusal), transaction.atomic():
        yield


@contextmanager
def giving_up_on(constraint: str, refusal: Exception | Callable[[], Exception]) -> Iterator[None]:
    """As `refused_by`, but without a savepoint, which takes two statements. The transaction cannot go on after it."""
    try:
        yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg2.Error) or error.__cause__.diag.constraint_name != constraint:
            raise
        raise (refusal() if callable(refusal) else refusal) from error
