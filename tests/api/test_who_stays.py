"""Whom a booking is for: a new guest, or a known one."""

from reservations.models import Guest
from tests.api.test_booking import booking_request
from tests.factories import make_apartment, make_guest


def test_a_new_guest_is_reached_as_the_booking_says(program):
    flat = make_apartment()

    answer = program.post(
        "/reservations/", booking_request(flat, guest_phone="+351 912 000 111", guest_email="amara@example.com")
    )

    assert answer.status_code == 201
    guest = Guest.objects.get()
    assert (guest.name, guest.phone, guest.email) == ("Amara Okafor", "+351 912 000 111", "amara@example.com")


def test_nothing_to_reach_a_new_guest_by_is_nothing(program):
    answer = program.post("/reservations/", booking_request(make_apartment(), guest_phone="", guest_email=""))

    assert answer.status_code == 201


def test_a_known_guest_is_not_reached_otherwise_by_a_booking(program):
    known = make_guest()
    wanted = booking_request(make_apartment(), guest=known.pk, guest_phone="+351 912 000 111")
    del wanted["guest_name"]

    answer = program.post("/reservations/", wanted)

    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("guest_phone", "known_guest")]
