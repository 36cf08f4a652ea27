"""Where Roomtone reads its configuration and keeps what it makes.

Every setting comes from the process environment, else from `.env` beside `manage.py`,
else from the default written in `settings.py`. `env.example` lists them all.
"""

import re
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def days(name, *, default):
    """A number of days, 0 for ever. Anything else is refused: what was meant would be erased, or kept."""
    text = env.str(name, default=str(default)).strip()
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII):
        raise ImproperlyConfigured(f"{name} must be a number of days, or 0 for ever; it is {text!r}.")
    return int(text)


def var_dir():
    """The folder for all that Roomtone makes on this machine; only its owner and the database may pass."""
    path = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept_secret(path, *, length=50):
    """A random secret that is made once and then read from `path` (mode 0600) for ever."""
    if not path.exists():
        candidate = path.with_suffix(f".{secrets.token_hex(4)}")
        candidate.touch(mode=0o600)
        candidate.write_text(secrets.token_urlsafe(length))
        try:
            path.hardlink_to(candidate)  # refuses to overwrite: two first starts agree on one secret
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text().strip()
