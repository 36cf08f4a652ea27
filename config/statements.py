"""Statements that are put together from parts of our own. Values never go in here: they are parameters."""

from psycopg2.sql import SQL


def composed(text: str, **parts: str) -> str:
    """`text` with each `{name}` replaced by the part of that name; `%(name)s` stays, for a value."""
    return SQL(text).format(**{name: SQL(part) for name, part in parts.items()}).as_string(None)
