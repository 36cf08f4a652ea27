import pytest

from tests.factories import give_role


@pytest.fixture
def alice(alice):
    """Only managers change properties, their rooms and prices."""
    give_role(alice)
    return alice
