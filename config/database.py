"""How Django connects to PostgreSQL."""

from typing import Any

from config.environment import env

# Seconds for which a statement waits for a row lock; then the user is told that the calendar is busy.
LOCK_TIMEOUT_SECONDS = 3
# Settings of the planner for queries that read a few hundred database pages in memory or on a solid-state disk. With
# PostgreSQL's defaults, which suit spinning disks, it read a million reservations for a page of a thousand.
OPTIONS = {
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS}s",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}


def database_settings(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a `postgres://` address. Raises ValueError for an ambiguous or another address."""
    if url.count("@") > 1 or "#" in url:  # it would be parsed as another host, without an error
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
