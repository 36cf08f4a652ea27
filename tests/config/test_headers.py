"""What browsers and proxies are told to keep, and to insist on."""

import os
import subprocess
import sys

import pytest

from config.environment import BASE_DIR
from tests.factories import make_reservation

pytestmark = pytest.mark.django_db


class TestCaching:
    @pytest.mark.parametrize("path", ["/", "/guests/", "/reservations/", "/calendar/", "/notes/", "/properties/"])
    def test_no_browser_keeps_a_page(self, desk, path):
        assert desk.get(path).headers["Cache-Control"] == "private, no-store"

    def test_no_browser_keeps_a_reservation_a_refusal_or_an_unknown_address(self, desk):
        reservation = make_reservation(status="cancelled")

        answers = [desk.get(f"/reservations/{reservation.reference}{verb}") for verb in ("/", "/edit/", "/nowhere/")]

        assert [answer.status_code for answer in answers] == [200, 409, 404]
        assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}

    def test_an_answer_that_says_otherwise_is_left_alone(self, desk):
        assert desk.get("/service-worker.js").headers["Cache-Control"] == "no-cache"


class TestInsistingOnHttps:
    """HSTS, which a browser that was told once believes for as long as it was told."""

    @pytest.mark.parametrize(
        ("settings_given", "header"),
        [({}, "max-age=31536000"), ({"HSTS_DAYS": "1"}, "max-age=86400"), ({"HSTS_DAYS": "0"}, "None")],
    )
    def test_it_binds_this_name_only(self, tmp_path, settings_given, header):
        code = (
            "import django; django.setup(); from django.test import Client;"
            "print(Client().get('/healthz', secure=True, headers={'Host': 'localhost'})"
            ".headers.get('Strict-Transport-Security'))"
        )
        nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "VAR_DIR": str(tmp_path), "HTTPS": "true"}
        environment = os.environ | nowhere | settings_given | {"DJANGO_SETTINGS_MODULE": "config.settings"}

        said = subprocess.check_output([sys.executable, "-c", code], cwd=BASE_DIR, env=environment, text=True)

        assert said.splitlines()[-1] == header
