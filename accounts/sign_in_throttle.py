"""How often a password may be guessed.

It is counted for one account from one address, so that a desk whose people share an address is not locked out by one
of them, nor an account by strangers elsewhere.
"""

import ipaddress
import threading
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import SignInAttempts

# Attempts before one has to wait, the first wait, the longest one, and when all is forgotten.
FREE = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
REMEMBERED = timedelta(hours=1)
# By the database's clock, because several servers write and judge. COUNT gives a row unless one has to wait.
FORGET = "DELETE FROM accounts_signinattempts WHERE last_at < clock_timestamp() - %(remembered)s"
COUNT = """
    INSERT INTO accounts_signinattempts AS known (key, count, last_at, blocked_until)
    VALUES (%(key)s, 1, clock_timestamp(), clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET count = known.count + 1, last_at = clock_timestamp(),
        blocked_until = clock_timestamp() + CASE WHEN known.count + 1 < %(free)s THEN interval '0'
            ELSE least(%(first)s * 2 ^ least(known.count + 1 - %(free)s, 10), %(longest)s) END
    WHERE known.blocked_until <= clock_timestamp()
    RETURNING count
"""
SECONDS_LEFT = """
    SELECT greatest(1, ceil(extract(epoch FROM blocked_until - clock_timestamp())))::int
    FROM accounts_signinattempts WHERE key = %s
"""
# Passwords that one process of the server checks at once: each takes 100 MiB and a core.
checking = threading.BoundedSemaphore(2)


class TooMany(Exception):
    """`seconds` to wait, at least 1."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


def count(*, username, address):
    """Count an attempt before its password is looked at: guesses at the same moment count, too. Raises TooMany."""
    key = _key(username, address)
    with connection.cursor() as cursor:
        terms: dict[str, Any] = {"free": FREE, "first": FIRST_WAIT, "longest": LONGEST_WAIT, "remembered": REMEMBERED}
        cursor.execute(FORGET, terms)
        cursor.execute(COUNT, terms | {"key": key})
        if cursor.fetchone():
            return
        cursor.execute(SECONDS_LEFT, [key])
        raise TooMany(*cursor.fetchone() or (1,))


def forget(*, username, address):
    """Who signed in has nothing to wait for the next time."""
    SignInAttempts.objects.filter(key=_key(username, address)).delete()


def address_of(request):
    """Where the request comes from; of an IPv6 address its network, because a guest has 2**64 of them.

    With `PROXIES` in front it is what the outermost of them has seen; what the sender wrote before that does not count.
    """
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    seen = told[-settings.PROXIES] if 0 < settings.PROXIES <= len(told) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)


def _key(username, address):
    """Neither can be read from it."""
    return salted_hmac("accounts.sign_in_throttle", f"{username.casefold()}\n{address}", algorithm="sha256").hexdigest()
