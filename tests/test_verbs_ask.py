"""Every verb asks whether its actor may do it, so that no page, endpoint or command passes the question by."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Modules in which a function that begins a transaction is a verb.
PLACES = ["properties", "reservations/booking", "reservations/guests", "notes/erasure"]
TRANSACTIONS = {"one_transaction", "in_booking_transaction"}
# Verbs that ask otherwise.
OTHERWISE = {
    "_expire_one",  # Roomtone itself: a hold lapses
    "undo",  # for each event of the act, by what the event did
    "reapply",  # Roomtone itself: what was erased before a backup was restored
}


def verbs():
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and _names(node.decorator_list) & TRANSACTIONS:
                    yield pytest.param(node, id=f"{path.relative_to(ROOT)}::{node.name}")


def _names(expressions):
    return {node.id for each in expressions for node in ast.walk(each) if isinstance(node, ast.Name)}


def _asks(function):
    """Whether a statement at the top of the function, before anything is written or locked, calls `require`."""
    for statement in function.body:
        match statement:
            case ast.Expr(value=ast.Constant()):  # the docstring
                continue
            case ast.Expr(
                value=ast.Call(func=ast.Name(id="require" | "require_guest"), args=[ast.Name(id="actor"), *_])
            ):
                return True
            case ast.For(body=[ast.Expr(value=ast.Call(func=ast.Name(id="require_guest")))]):  # of each of two guests
                return True
            case _:
                return False
    return False


@pytest.mark.parametrize("verb", verbs())
def test_a_verb_begins_with_the_question(verb):
    assert _asks(verb) or verb.name in OTHERWISE


def test_it_finds_a_verb_that_forgot():
    [forgot] = ast.parse(
        "@one_transaction\ndef book(*, actor):\n    '''Book.'''\n    save()\n    require(actor, 1)\n"
    ).body

    assert _names(forgot.decorator_list) & TRANSACTIONS
    assert not _asks(forgot)


def test_nothing_is_excused_that_is_not_there():
    assert {verb.values[0].name for verb in verbs()} >= OTHERWISE
