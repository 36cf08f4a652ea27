"""A running server, and the typed client that is made from the schema."""

import importlib
import json
import sys
from types import SimpleNamespace

import pytest

from clients.generate import generate
from tests.server import RunningServer

# Demo data, a token that may do everything, and what tests must know beforehand.
FURNISH = """
import json
from accounts import tokens
from accounts.models import Scope, User
from properties.models import Property
lena = User.objects.get(username="lena")
_, secret = tokens.issue(user=lena, name="Tests", scopes=Scope.values, actor=lena)
_, reader = tokens.issue(user=lena, name="Reader", scopes=[Scope.AVAILABILITY], actor=lena)
flat = Property.objects.get(name="Garden Flat")
print("FACTS" + json.dumps({"token": secret, "reader": reader, "flat": flat.pk}))
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with RunningServer(tmp_path_factory.mktemp("server"), DEMO=True, API_REQUESTS_PER_MINUTE=0) as server:
        facts = server.run(FURNISH).rpartition("FACTS")[2]
        server.facts = SimpleNamespace(**json.loads(facts))
        yield server


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The folder in which `roomtone_client` lies, fresh from the published schema."""
    folder = tmp_path_factory.mktemp("client")
    generate(folder)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture
def connect(server, package):
    """`connect(token)`: the typed client, as a program would hold it. It raises when an answer is not in the schema."""
    from roomtone_client import AuthenticatedClient

    return lambda token: AuthenticatedClient(base_url=server.url, token=token, raise_on_unexpected_status=True)


@pytest.fixture
def roomtone(connect, server):
    return connect(server.facts.token)
