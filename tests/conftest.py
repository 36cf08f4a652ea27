import gc
import os
from collections import defaultdict

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config import embedded_database
from config.database import database_settings
from tests.browser_forms import Browser
from tests.clocks import DatabaseClock
from tests.factories import make_user
from tests.files import files_in
from tests.server import RunningServer

# Hypothesis fails an example that takes longer than 200 ms, and tests whose examples are slow to make. Neither says
# anything about the code on a busy machine.
hypothesis_settings.register_profile("roomtone", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("roomtone")


def pytest_addoption(parser):
    parser.addoption(
        "--speech-folder",
        metavar="PATH",
        help="further recordings for tests/speech; default: ROOMTONE_SPEECH_FOLDER, else ../shared/speech",
    )
    parser.addoption(
        "--quick", action="store_true", help="leave out tests marked `full`, and most cases of those marked `sampled`"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what --quick leaves out; tests that take a minute begin first, so that nobody waits for them last."""
    if config.getoption("--quick"):
        kept = set(quick(items))
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]
    items.sort(key=lambda item: item.get_closest_marker("takes_a_minute") is None)


def quick(items):
    """The tests that are not marked `full`, and of one marked `sampled(n)` n cases: evenly spread, always the same."""
    cases = defaultdict(list)
    for item in sorted(items, key=lambda item: item.nodeid):
        if not item.get_closest_marker("full"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for same in cases.values():
        sampled = same[0].get_closest_marker("sampled")
        wanted = min(sampled.args[0], len(same)) if sampled else len(same)
        yield from (same[number * len(same) // wanted] for number in range(wanted))


def pytest_collection_finish():
    """Thousands of tests stay until the end: a garbage collection need not look at them again each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The embedded server is started for the first test that needs a database, unless DATABASE_URL names another."""
    if not os.environ.get("DATABASE_URL"):
        django_settings.DATABASE_URL = embedded_database.start(django_settings.VAR_DIR / "postgres")
        connection.settings_dict["HOST"] = database_settings(django_settings.DATABASE_URL)["HOST"]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A running Roomtone, for all who only add to what is in it."""
    with RunningServer(tmp_path_factory.mktemp("server")) as server:
        server.account = server.make_user()
        yield server


@pytest.fixture
def alice(db):
    return make_user("alice", first_name="Alice", last_name="Moreau")


@pytest.fixture
def database_clock(db):
    """The database's clock, to be set; without this fixture it is the real one."""
    clock = DatabaseClock()
    yield clock
    clock.remove()


@pytest.fixture
def desk(client, alice):
    """A browser signed in as Alice."""
    client.force_login(alice)
    client.user = alice
    return client


@pytest.fixture(scope="session")
def django_app_mixin(django_app_mixin):
    django_app_mixin.app_class = Browser
    return django_app_mixin


@pytest.fixture
def browser(django_app, alice):
    """Pages and their forms as a browser has them, signed in as Alice: see `browser_forms`."""
    return django_app.sign_in(alice)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    for name, value in files_in(tmp_path).items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    settings.SECURE_SSL_REDIRECT = False
