"""What the queue calls."""

from api import once


def forget_answers():
    once.forget()
