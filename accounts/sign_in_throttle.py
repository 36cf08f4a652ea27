"""Limits on guessing passwords.

Attempts are counted for an account from an address. So one user's wrong passwords do not lock out colleagues at the
same address, and strangers at other addresses cannot lock out an account.
"""

import ipaddress
import threading
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import SignInAttempts

# Attempts without a wait; the first wait, which doubles with each further attempt up to the longest; and how long after
# the last attempt the count is deleted.
FREE = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
REMEMBERED = timedelta(hours=1)
# By the database's clock, because several servers use these rows. COUNT returns a row unless one has to wait.
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
    """No password may be tried for `seconds`, at least 1."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


def count(*, username, address):
    """Count an attempt. Raises TooMany. Call it before the password is checked, so that parallel attempts count too."""
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
    """Delete the count after a successful sign-in."""
    SignInAttempts.objects.filter(key=_key(username, address)).delete()


def address_of(request):
    """The client's address; for IPv6 its /64 network, of which one client can use all addresses; "" if unknown.

    Behind `PROXIES` proxies it is the address that the outermost proxy has added to X-Forwarded-For. Entries before
    that are from the client and are ignored.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    is_behind_proxies = 0 < settings.PROXIES <= len(forwarded)
    client = forwarded[-settings.PROXIES] if is_behind_proxies else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)


def _key(username, address):
    """A digest from which neither the name nor the address can be read."""
    return salted_hmac("accounts.sign_in_throttle", f"{username.casefold()}\n{address}", algorithm="sha256").hexdigest()
