"""What the queue calls. Shallow: the verbs know."""

from reservations.booking import lifecycle


def expire_lapsed():
    lifecycle.expire_lapsed()
