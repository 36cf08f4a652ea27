"""Processes of their own that work in the running test's database and files."""

import os
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tests.server import ROOT


def environment_of_this_test(tmp_path, **overrides):
    """For a subprocess in ROOT. The test needs `transaction=True`, or there is nothing to be seen in its database."""
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    same = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(tmp_path / "var"),
    }
    return os.environ | same | overrides
