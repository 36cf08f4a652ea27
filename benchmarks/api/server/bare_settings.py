"""Roomtone with one address more: a view that only answers, which says what this server can do at best."""

from config.settings import *  # noqa: F403  Django reads settings as one module's names

ROOT_URLCONF = "bare_urls"
