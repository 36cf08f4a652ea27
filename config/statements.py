"""Statements that are put together from parts of our own. Values never go in here: they are parameters."""

from psycopg2.sql import SQL


def composed(text, **parts):
    """`text` with each `{name}` as the part of that name says; `%(name)s` stays for the value."""
    return SQL(text).format(**{name: SQL(part) for name, part in parts.items()}).as_string(None)
