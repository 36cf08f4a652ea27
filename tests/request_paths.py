"""Which of our modules a request passes, in the order in which a reader would open them."""

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "api", "config", "notes", "properties", "reservations")


@dataclass
class RequestPath:
    """What was called from the view on until a statement that begins with `until` was sent to the database.

    `modules` are the distinct modules in the order of their first call. `returns` are those of them to which a reader
    comes back: another module calls them again, by a call that was not seen before.
    """

    modules: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)
    is_whole: bool = False  # whether that statement was seen


@contextmanager
def request_path(*, view, until):
    """Yield a RequestPath that is filled while a request runs. `view` is the function where it begins, as
    `module.function`; `until` is the beginning of the SQL statement at which it ends."""
    path, calls = RequestPath(), set()
    is_on = False

    def on_call(frame, event, _argument):
        nonlocal is_on
        if event != "call" or (name := _name(frame)) is None:
            return
        is_on = is_on or name == view
        caller = is_on and _caller(frame)
        if not caller or (caller, name) in calls:
            return
        calls.add((caller, name))
        module = _module(name)
        if module not in path.modules:
            path.modules.append(module)
        elif module != _module(caller) and module not in path.returns:
            path.returns.append(module)

    def watch(execute, sql, *arguments):
        nonlocal is_on
        if is_on and str(sql).startswith(until):
            is_on, path.is_whole = False, True
            sys.setprofile(None)
        return execute(sql, *arguments)

    with connection.execute_wrapper(watch):
        sys.setprofile(on_call)
        try:
            yield path
        finally:
            sys.setprofile(None)


def _name(frame):
    """`module.function` of a frame of ours, else None. What a comprehension or a lambda does is its function's."""
    file = frame.f_code.co_filename
    if not file.startswith(str(ROOT)):
        return None
    parts = Path(file).relative_to(ROOT).with_suffix("").parts
    if parts[0] not in APPS or frame.f_code.co_name in (
        "<module>",
        "<genexpr>",
        "<lambda>",
        "<listcomp>",
        "<dictcomp>",
        "<setcomp>",
    ):
        return None
    return ".".join((*parts, frame.f_code.co_qualname))


def _module(name):
    parts = name.split(".")
    while parts and not (ROOT / Path(*parts)).with_suffix(".py").exists():
        parts.pop()
    return ".".join(parts)


def _caller(frame):
    """The nearest function of ours below `frame` on the stack; the view itself is called by nobody of ours."""
    while frame := frame.f_back:
        if name := _name(frame):
            return name
    return "nobody"
