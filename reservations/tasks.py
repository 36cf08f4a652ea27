"""The functions that the task queue calls."""

from reservations.booking import lifecycle


def expire_lapsed():
    lifecycle.expire_lapsed()
