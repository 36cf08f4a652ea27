"""Roomtone whose web server dies when a request asks it to."""

from config.settings import *  # noqa: F403  Django reads settings as one module's names
from config.settings import MIDDLEWARE as USUAL

MIDDLEWARE = ["tests.faults.killing.Killing", *USUAL]
