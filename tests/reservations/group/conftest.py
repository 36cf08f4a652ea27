import pytest

from reservations.stay import Stay
from tests.factories import make_hotel
from tests.reservations.test_groups import book_group


@pytest.fixture
def hotel():
    return make_hotel(["101", "102", "103"])


@pytest.fixture
def group(hotel):
    """Three rooms from today on, for two nights."""
    return book_group(hotel, [(None, 3, 2)], stay=Stay.of_nights(hotel.today(), 2))
