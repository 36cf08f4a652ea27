"""What the queue calls."""

from api import idempotency


def delete_expired_responses():
    idempotency.delete_expired()
