"""How Django connects to PostgreSQL."""

from typing import Any

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


def database_settings(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a `postgres://` address. Raises ValueError for an address that would be misread."""
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
