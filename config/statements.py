"""SQL statements that are composed of constant parts. Values must be passed as parameters."""

from psycopg2.sql import SQL


def composed(text: str, **parts: str) -> str:
    """`text` with each `{name}` replaced by the part of that name. Parameters such as `%(name)s` are kept."""
    return SQL(text).format(**{name: SQL(part) for name, part in parts.items()}).as_string(None)
