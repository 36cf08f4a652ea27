"""What the containers are told, read from compose.yaml itself: no engine is needed for that."""

import re

import pytest
import yaml

from config.database import database_settings
from config.environment import BASE_DIR
from config.management.commands.serve import GRACE_SECONDS

FIXED = {"DATABASE_URL", "PGPASSWORD", "SECRET_KEY", "HOST", "PORT", "VAR_DIR", "MEDIA_ROOT"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((BASE_DIR / "compose.yaml").read_text())["services"]


@pytest.fixture(params=["web", "worker"])
def service(request, services):
    return services[request.param]


def test_every_setting_of_dotenv_arrives_but_those_that_the_containers_fix(service):
    example = (BASE_DIR / "env.example").read_text()

    assert service["env_file"] == [".env"]
    assert set(service["environment"]) == FIXED
    assert {"SECRET_KEY", "HOST", "PORT", "VAR_DIR", "MEDIA_ROOT"} < set(re.findall(r"^#([A-Z_]+)=", example, re.M))


def test_what_is_kept_lies_in_the_volume(service):
    (volume,) = service["volumes"]
    folder = volume.split(":")[1]

    assert service["environment"]["VAR_DIR"] == folder
    assert service["environment"]["MEDIA_ROOT"].startswith(f"{folder}/")


def test_both_run_one_image_under_an_init_with_more_grace_than_they_need(services, service):
    assert service["image"] == services["web"]["image"]
    assert [name for name, each in services.items() if "build" in each] == ["web"]
    assert service["init"] is True
    assert GRACE_SECONDS < 10 < int(service["stop_grace_period"].removesuffix("s"))


def test_no_password_stands_in_the_address_of_the_database(service):
    settings = database_settings(service["environment"]["DATABASE_URL"])

    assert (settings["HOST"], settings["USER"], settings["NAME"]) == ("database", "roomtone", "roomtone")
    assert not settings["PASSWORD"]  # so that the driver asks PGPASSWORD


@pytest.mark.parametrize("password", ["p@ss", "p@ss/w#rd", "w#rd"])
def test_a_password_that_would_be_read_as_a_host_is_refused(password):
    with pytest.raises(ValueError, match="percent-encoded"):
        database_settings(f"postgres://roomtone:{password}@database:5432/roomtone")


def test_a_percent_encoded_password_is_read_as_it_is_meant():
    assert database_settings("postgres://roomtone:p%40ss%2Fw%23rd@database:5432/roomtone")["PASSWORD"] == "p@ss/w#rd"
