import pytest

from tests.api.programs import Program


@pytest.fixture
def program(alice):
    """A program that acts for Alice and may do everything that a token can let it do."""
    return Program.of(alice)
