"""Programs that change the same reservation at the same moment, from the same version: one of them wins."""

from collections import Counter

import pytest

from reservations.models import Event, Reservation
from tests.api.programs import Program
from tests.concurrency.crowd import at_once
from tests.factories import make_apartment, make_reservation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programs():
    """Each with a user and a token of its own."""
    return [Program.of(make_user(f"user{number}")) for number in range(6)]


def test_of_writers_from_the_same_version_exactly_one_wins_and_the_others_are_told_who(programs):
    reservation = make_reservation(make_apartment())

    def act(number):
        path = f"/reservations/{reservation.reference}/"
        return programs[number].patch(path, {"party_size": 3 + number}, if_match='"1"')

    answers = at_once(len(programs), act)

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 5}
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    assert Reservation.objects.get().party_size == won["party_size"]
    event = Event.objects.get()
    conflicts = {(each.json()["version"], each.json()["event"]["actor"]) for each in answers if each.status_code == 412}
    assert conflicts == {(2, str(event.actor))}


def test_a_step_and_a_change_from_the_same_version_are_never_both_done(programs):
    acts = [("cancel/", {}), ("check-in/", {}), ("move/", {"arrival": "2027-05-10", "departure": "2027-05-13"})]

    for _ in range(5):
        reservation = make_reservation(make_apartment())
        path = f"/reservations/{reservation.reference}/"

        def act(number, path=path):
            verb, body = acts[number % 3]
            if number == 5:
                return programs[number].patch(path, {"party_size": 5}, if_match='"1"')
            return programs[number].post(path + verb, body, if_match='"1"')

        statuses = Counter(answer.status_code for answer in at_once(len(programs), act))

        assert statuses[200] == 1
        assert statuses.keys() <= {200, 409, 412}  # 409: a step before its day, which is found before anyone has won
        assert Event.objects.filter(reservation=reservation).count() == 1


def test_requests_with_one_key_at_once_are_one_step_and_one_answer(programs):
    reservation = make_reservation(make_apartment())

    def act(_):
        path = f"/reservations/{reservation.reference}/cancel/"
        return programs[0].post(path, {"why": "illness"}, idempotency_key="one", if_match='"1"')

    answers = at_once(len(programs), act)

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert Event.objects.count() == 1
