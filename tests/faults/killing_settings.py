"""Roomtone whose web server dies when a request asks it to."""

from config.settings import *  # noqa: F403

MIDDLEWARE = ["tests.faults.killing.Killing", *MIDDLEWARE]  # noqa: F405
