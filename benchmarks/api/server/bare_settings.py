"""Roomtone with one address more: a view that only answers, which says what this server can do at best."""

from config.settings import *  # noqa: F403  all of them, and one thing else

ROOT_URLCONF = "bare_urls"
