import pytest

from tests.factories import give_role, make_guest


@pytest.fixture
def guest():
    return make_guest("Amara Okafor")


@pytest.fixture
def alice(alice):
    """Only managers erase notes."""
    give_role(alice)
    return alice
