"""Roomtone whose web server dies when a request asks it to."""

from config.settings import *  # noqa: F403  all of them, and one thing else

MIDDLEWARE = ["tests.faults.killing.Killing", *MIDDLEWARE]  # noqa: F405  which comes from there
