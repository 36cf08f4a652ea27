"""What is started and written on this machine, and by whom."""

import os
import subprocess
import sys

import pytest

from config import embedded_database, provisioning
from tests.server import ROOT


@pytest.fixture
def run_in_an_empty_folder(tmp_path):
    """Runs Python in this project with nothing configured; returns what VAR_DIR holds then, None if it is not there."""
    environment = os.environ | {
        "DATABASE_URL": "",  # a .env file sets what is not in the environment
        "SECRET_KEY": "",
        "VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def run(*arguments):
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True)
        return sorted(path.name for path in (tmp_path / "var").iterdir()) if (tmp_path / "var").exists() else None

    return run


class TestWhatMakesNothing:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["manage.py", "help"],
            ["-c", "from django.conf import settings; assert len(settings.SECRET_KEY) > 50"],
            pytest.param(["manage.py", "migrate", "--help"], marks=pytest.mark.full),
            pytest.param(["manage.py", "check"], marks=pytest.mark.full),
            pytest.param(["-W", "error", "manage.py", "makemigrations", "--check"], marks=pytest.mark.full),
        ],
        ids=" ".join,
    )
    def test_nothing_is_started_or_written(self, run_in_an_empty_folder, arguments):
        assert run_in_an_empty_folder(*arguments) is None

    @pytest.mark.full
    def test_static_files_are_collected_without_a_server_or_a_secret(self, run_in_an_empty_folder):
        assert run_in_an_empty_folder("manage.py", "collectstatic", "--no-input", "--verbosity", "0") == ["static"]


@pytest.mark.full
def test_a_command_that_works_with_data_finds_a_server_and_a_secret(run_in_an_empty_folder):
    run_in_an_empty_folder("manage.py", "migrate", "--verbosity", "0")

    run_in_an_empty_folder("manage.py", "check", "--database", "default")

    asked = "from accounts.models import User; from django.conf import settings; print(User.objects.count())"
    assert run_in_an_empty_folder("manage.py", "shell", "-c", asked) == ["postgres", "secret-key"]


class TestTheSecretKey:
    def test_it_is_made_once_for_its_owner_alone(self, tmp_path):
        path = tmp_path / "var" / "secret-key"

        provisioning.make_secret(path)
        made = path.read_text()
        provisioning.make_secret(path)

        assert path.read_text() == made
        assert len(made) > 50
        assert path.stat().st_mode & 0o777 == 0o600
        assert list(path.parent.iterdir()) == [path]


class TestADatabaseOfOnesOwn:
    def test_no_server_is_started_beside_it(self, monkeypatch, tmp_path):
        monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        monkeypatch.setenv("SECRET_KEY", "of one's own")
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        monkeypatch.setattr(embedded_database, "start", lambda data_dir: pytest.fail("A server was started"))

        provisioning.provision()

        assert not (tmp_path / "var").exists()
        assert os.environ["DATABASE_URL"] == "postgres://nobody@127.0.0.1:1/none"
