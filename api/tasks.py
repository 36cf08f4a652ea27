"""Tasks that the queue runs."""

from api import idempotency


def delete_expired_responses():
    idempotency.delete_expired()
