import pytest

from reservations.models import Event
from tests.factories import make_reservation, make_user

pytestmark = pytest.mark.django_db

PAGES = ("reservation", "occupancy", "event", "guest")


@pytest.fixture
def manager(client):
    client.force_login(make_user("root", is_superuser=True, is_staff=True))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_superusers_look_and_cannot_change(manager, page):
    reservation = make_reservation()
    event = Event.objects.create(reservation=reservation, action=Event.Action.BOOKED)
    things = {"reservation": reservation, "occupancy": reservation.occupancies.get(), "event": event}
    pk = things.get(page, reservation.guest).pk

    assert manager.get(f"/admin/reservations/{page}/?q=RT").status_code == 200
    assert manager.get(f"/admin/reservations/{page}/{pk}/change/").status_code == 200
    for refused in ("add/", f"{pk}/delete/"):
        assert manager.get(f"/admin/reservations/{page}/{refused}").status_code == 403
    assert manager.post(f"/admin/reservations/{page}/{pk}/change/", {}).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_staff_without_the_right_do_not_see_it(desk, page):
    assert desk.get(f"/admin/reservations/{page}/").status_code in (302, 403)


def test_guests_are_found_as_on_their_page(manager):
    make_reservation(guest="Marta Wójcik")
    make_reservation(guest="Amara Okafor")

    page = manager.get("/admin/reservations/guest/?q=wojc").content.decode()

    assert "Marta Wójcik" in page
    assert "Amara Okafor" not in page
