"""Setting the two clocks there are: this machine's (`time_machine`), and the database's, which all processes share."""

import datetime as dt

from django.db import connection

from config import clock

# An unqualified name is looked for along the search path, and in pg_catalog first unless the path says otherwise.
FUNCTION = """
    CREATE FUNCTION set_clock.{name}() RETURNS timestamptz STABLE LANGUAGE sql AS $$
        SELECT coalesce(nullif(current_setting('set_clock.stands_at'), '')::timestamptz, pg_catalog.{name}())
            + current_setting('set_clock.ahead')::interval
    $$
"""


class DatabaseClock:
    """The database's clock as this connection sees it; Python's goes on as before."""

    def __init__(self):
        self._ahead = dt.timedelta()
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA set_clock")
            for name in ("statement_timestamp", "clock_timestamp"):
                cursor.execute(FUNCTION.format(name=name))
            cursor.execute("SET search_path TO set_clock, pg_catalog, public")
        self._set(stands_at="", ahead=self._ahead)

    def shift(self, delta):
        """Forward by that, also when it stands."""
        self._ahead += delta
        self._set(ahead=self._ahead)

    def stop_at(self, instant, *, noticed=True):
        """It shows this until it is told otherwise; processes that have just read it notice when they look again."""
        self._ahead = dt.timedelta()
        self._set(stands_at=instant.isoformat(), ahead=self._ahead, noticed=noticed)

    def remove(self):
        """Harmless to repeat."""
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")
            cursor.execute("DROP SCHEMA IF EXISTS set_clock CASCADE")
        clock.forget()

    @staticmethod
    def _set(*, noticed=True, **settings):
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute(f"SET set_clock.{name} TO %s", [str(value)])
        if noticed:
            clock.forget()
