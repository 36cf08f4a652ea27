"""Where Roomtone reads its configuration.

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


def days(name: str, *, default: int) -> int:
    """The number of days in the variable `name`; 0 stands for no limit.

    Raises ImproperlyConfigured for anything else, because data might be erased, or kept, against the operator's will.
    """
    text = env.str(name, default=str(default)).strip()
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII):
        raise ImproperlyConfigured(f"{name} must be a number of days, or 0 for ever; it is {text!r}.")
    return int(text)


def var_dir() -> Path:
    """The folder for all files that Roomtone creates on this machine. It need not exist yet."""
    return Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def secret_key(path: Path) -> str:
    """SECRET_KEY, or the key that `config.provisioning` has written to `path`, or a random one for this process."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    return path.read_text().strip() if path.exists() else secrets.token_urlsafe(50)
