"""What a process that works with data needs on this machine before it reads the settings: a database and a secret key.

`manage.py` asks for it, and whoever else runs Roomtone outside of it. Importing the settings makes and starts nothing:
without a database they name the embedded server's address, without a key they draw one that is forgotten at the end.
"""

import os
import secrets
from pathlib import Path

from config import embedded_database
from config.environment import env, var_dir


def provision() -> None:
    """Start the embedded server unless DATABASE_URL names another, and make a secret key unless there is one.

    The address goes into the environment, for the settings of this process and of its children.
    """
    if not env.str("DATABASE_URL", default=""):
        os.environ["DATABASE_URL"] = embedded_database.start(var_dir() / "postgres")
    if not env.str("SECRET_KEY", default=""):
        make_secret(var_dir() / "secret-key")


def make_secret(path: Path, *, length: int = 50) -> None:
    """Write a random secret of `length` bytes to `path` (mode 0600) unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_suffix(f".{secrets.token_hex(4)}")
    candidate.touch(mode=0o600)
    candidate.write_text(secrets.token_urlsafe(length))
    try:
        path.hardlink_to(candidate)  # refuses to overwrite: two first starts agree on one secret
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
