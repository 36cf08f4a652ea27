import pytest

from tests.factories import make_guest


@pytest.fixture
def guest():
    return make_guest("Amara Okafor")
