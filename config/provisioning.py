"""Provides what a process needs before it imports the settings: a database and a secret key.

`manage.py` and `config.wsgi` call it. Importing the settings alone starts and writes nothing: without a database they
have the address of the embedded server, and without a key a random one for this process.
"""

import os
import secrets
from pathlib import Path

from config import embedded_database
from config.environment import env, var_dir


def provision() -> None:
    """Start the embedded server unless DATABASE_URL is set, and write a secret key unless there is one.

    The server's address is put into the environment, for the settings of this process and of its children.
    """
    if not env.str("DATABASE_URL", default=""):
        os.environ["DATABASE_URL"] = embedded_database.start(var_dir() / "postgres")
    if not env.str("SECRET_KEY", default=""):
        make_secret(var_dir() / "secret-key")


def make_secret(path: Path, *, length: int = 50) -> None:
    """Write a secret of `length` random bytes to the file `path` (mode 0600), unless it exists."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_suffix(f".{secrets.token_hex(4)}")
    candidate.touch(mode=0o600)
    candidate.write_text(secrets.token_urlsafe(length))
    try:
        path.hardlink_to(candidate)  # fails if the file exists, so that two processes get the same secret
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
