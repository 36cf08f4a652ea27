"""A reservation's life through the API: the steps, what refuses them, and taking back what was done."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations.booking import lifecycle
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.api.programs import Program, refused
from tests.factories import ARRIVAL, make_apartment, make_booking, make_hotel, make_reservation, make_user


def step(program, reservation, verb, body=None, **headers):
    return program.post(f"/reservations/{reservation.reference}/{verb}/", body, **headers)


def book(flat, **fields):
    fields = {"stay": Stay.of_nights(ARRIVAL, 3), "guest_name": "Amara Okafor", "party_size": 2, "actor": None} | fields
    return make_booking(property=flat, **fields)


def today_at(flat, **fields):
    return make_reservation(flat, arrival=flat.today(), **fields)


def in_hours(hours):
    return timezone.now() + dt.timedelta(hours=hours)


def held(flat, hours=1):
    reservation = book(flat, hold_until=in_hours(1))
    if hours < 0:
        Reservation.objects.update(hold_expires_at=in_hours(hours))
        Occupancy.objects.update(expires_at=in_hours(hours))
    return reservation


class TestSteps:
    def test_a_stay_from_the_hold_to_the_departure(self, program, alice):
        flat = make_apartment()
        reservation = book(flat, stay=Stay.of_nights(flat.today(), 1), hold_until=in_hours(1))

        answers = [step(program, reservation, verb).json() for verb in ("confirm", "check-in", "check-out")]

        assert [answer["status"] for answer in answers] == ["confirmed", "in_house", "checked_out"]
        assert [answer["steps"] for answer in answers] == [
            ["check-in", "cancel", "no-show"],
            ["check-out"],
            ["free-nights"],
        ]
        assert answers[0]["hold_expires_at"] is None
        assert {event.actor for event in Event.objects.exclude(action="booked")} == {alice}

    def test_a_cancellation_says_why_and_is_reinstated(self, program):
        reservation = make_reservation(make_apartment())

        cancelled = step(program, reservation, "cancel", {"why": "illness", "reason": "flew home"}).json()
        back = step(program, reservation, "reinstate").json()

        assert (cancelled["status"], cancelled["segments"], cancelled["steps"]) == ("cancelled", [], ["reinstate"])
        event = Event.objects.get(action="cancelled")
        assert (event.reason_code, event.reason, event.reason_in_words) == (
            "illness",
            "flew home",
            "Illness: flew home",
        )
        assert (back["status"], len(back["segments"])) == ("confirmed", 1)

    def test_each_answer_names_the_event_that_takes_it_back(self, program):
        flat = make_apartment()
        body = {"property": flat.pk, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "A"}

        booked = program.post("/reservations/", body).json()
        path = f"/reservations/{booked['reference']}/"
        cancelled = program.post(f"{path}cancel/").json()
        undone = program.post(f"{path}undo/", {"event": cancelled["event"]}).json()

        events = list(Event.objects.order_by("pk").values_list("pk", "action"))
        answered = [(answer["event"], action) for answer, action in ((booked, "booked"), (cancelled, "cancelled"))]
        assert events == [*answered, (undone["event"], "undone")]
        assert program.get(path).json()["event"] is None
        assert "event" not in program.get("/reservations/").json()["results"][0]

    def test_what_a_manager_did_is_not_undone_by_others(self, program):
        manager, reservation = make_user("manager", role="manager"), make_reservation()
        lifecycle.overrule(reservation=reservation, status="cancelled", reason="Closed.", actor=manager)

        refused(step(program, reservation, "undo"), 403, code="not_allowed", words="Only a manager may take it back")
        done = step(Program.of(manager), reservation, "undo").json()
        refused(step(program, reservation, "undo"), 403, code="not_allowed")

        assert done["status"] == "confirmed"

    def test_a_cancellation_needs_no_reason(self, program):
        assert step(program, make_reservation(), "cancel").json()["status"] == "cancelled"

    def test_nobody_came(self, program):
        assert step(program, today_at(make_apartment()), "no-show").json()["status"] == "no_show"

    def test_a_hold_is_held_longer_also_after_it_has_lapsed(self, program):
        flat = make_apartment()
        reservation = held(flat, hours=-1)

        lapsed = program.get(f"/reservations/{reservation.reference}/").json()
        longer = step(program, reservation, "extend-hold", {"until": "2027-04-01T18:00:00Z"}).json()

        assert (lapsed["status"], lapsed["steps"], lapsed["is_open"]) == ("expired", ["confirm", "extend-hold"], False)
        assert (longer["status"], longer["hold_expires_at"]) == ("held", "2027-04-01T18:00:00Z")

    def test_a_hold_is_not_held_beyond_the_departure(self, program):
        answer = step(program, held(make_apartment()), "extend-hold", {"until": "2027-05-07T01:00:00Z"})

        assert (answer.status_code, answer.json()["code"]) == (409, "not_bookable")
        assert answer.json()["detail"] == "This hold would end after the departure. Choose an earlier time."

    def test_a_lapsed_hold_whose_nights_were_sold_says_who_is_there(self, program):
        flat = make_apartment()
        reservation = held(flat, hours=-1)
        sold = book(flat, guest_name="Bo Li")

        answer = step(program, reservation, "confirm")

        assert (answer.status_code, answer.json()["code"]) == (409, "dates_taken")
        assert [each["reservation"] for each in answer.json()["in_the_way"]] == [sold.reference]

    def test_a_manager_sets_any_state_and_nobody_else(self, program):
        reservation = make_reservation(make_apartment())
        body = {"status": "checked_out", "reason": "Left on Sunday."}
        manager = Program.of(make_user("bob", role="manager"))

        refused = step(program, reservation, "overrule", body)
        done = step(manager, reservation, "overrule", body)

        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        assert (done.status_code, done.json()["status"]) == (200, "checked_out")


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "verb", "possible"),
        [
            (Status.CONFIRMED, "confirm", ["check-in", "cancel", "no-show"]),
            (Status.IN_HOUSE, "cancel", ["check-out"]),
            (Status.CANCELLED, "check-in", ["reinstate"]),
            (Status.CHECKED_OUT, "reinstate", ["free-nights"]),
        ],
    )
    def test_the_wrong_state_is_told_with_the_steps_that_are_possible(self, program, status, verb, possible):
        reservation = today_at(make_apartment(), status=status)

        answer = step(program, reservation, verb)

        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "not_this_step")
        assert (problem["reservation_status"], problem["steps"]) == (status, possible)
        assert Reservation.objects.get().status == status

    @pytest.mark.parametrize("verb", ["check-in", "no-show"])
    def test_a_step_has_its_day(self, program, verb):
        answer = step(program, make_reservation(), verb)

        assert (answer.status_code, answer.json()["code"]) == (409, "not_yet")

    @pytest.mark.parametrize(
        ("verb", "sent", "status", "field", "code"),
        [
            ("cancel", {"why": "weather"}, 400, "why", "invalid_choice"),
            ("cancel", {"reason": "x" * 151}, 400, "reason", "max_length"),
            ("confirm", {"really": True}, 400, "really", "unknown_field"),
            ("confirm", [], 400, "this", "invalid"),
            ("extend-hold", {}, 400, "until", "required"),
            ("extend-hold", {"until": "tomorrow"}, 400, "until", "invalid"),
            ("overrule", {"status": "held"}, 400, "reason", "required"),
            ("overrule", {"status": "held", "reason": " "}, 422, "reason", "invisible"),
            ("undo", {"event": 0}, 400, "event", "min_value"),
            ("undo", {"event": 2**61}, 422, "event", "does_not_exist"),
        ],
    )
    def test_what_cannot_be_read_is_said_beside_its_field(self, program, verb, sent, status, field, code):
        answer = step(program, make_reservation(), verb, sent)

        assert answer.status_code == status
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]
        assert not Event.objects.exists()

    def test_a_hold_cannot_end_before_now(self, program):
        answer = step(program, held(make_apartment()), "extend-hold", {"until": "2020-01-01T00:00:00Z"})

        assert (answer.status_code, answer.json()["code"]) == (409, "not_bookable")

    def test_a_step_for_a_version_that_was_changed_since_is_not_taken(self, program):
        reservation = make_reservation(make_apartment())

        stale = step(program, reservation, "cancel", if_match='"2"')
        meant = step(program, reservation, "cancel", if_match='"1"')

        assert (stale.status_code, stale.json()["version"]) == (412, 1)
        assert (meant.status_code, meant.headers["ETag"]) == (200, '"2"')

    def test_a_step_with_the_same_key_is_taken_once(self, program):
        reservation = make_reservation(make_apartment())

        first = step(program, reservation, "cancel", idempotency_key="one")
        again = step(program, reservation, "cancel", idempotency_key="one")
        anew = step(program, reservation, "cancel", idempotency_key="two")

        assert (first.status_code, again.content) == (200, first.content)
        assert (again.headers["Idempotency-Replayed"], again.headers["ETag"]) == ("true", '"2"')
        assert anew.json()["code"] == "not_this_step"

    def test_a_step_is_a_post(self, program):
        assert program.get(f"/reservations/{make_reservation().reference}/cancel/").status_code == 405


class TestUndo:
    def test_the_latest_event_is_taken_back_unless_another_is_named(self, program):
        reservation = book(make_apartment())
        booked = reservation.events.get()
        step(program, reservation, "cancel")

        named = step(program, reservation, "undo", {"event": booked.pk})
        latest = step(program, reservation, "undo")

        assert (named.status_code, named.json()["code"]) == (409, "cannot_undo")
        assert (latest.json()["status"], latest.json()["also_changed"]) == ("confirmed", [])

    def test_a_swap_is_taken_back_for_both(self, program):
        rooms = make_hotel(["101", "102"]).units.all()
        mine, theirs = (make_reservation(unit=room) for room in rooms)
        step(program, mine, "swap", {"other": theirs.reference})

        back = step(program, theirs, "undo").json()

        assert back["reference"] == theirs.reference
        assert back["segments"][0]["unit"]["name"] == "102"
        assert back["also_changed"] == [mine.reference]

    def test_an_event_of_another_reservation_is_none_of_its(self, program):
        mine, theirs = book(make_apartment()), book(make_apartment())

        answer = step(program, mine, "undo", {"event": theirs.events.get().pk})

        assert answer.status_code == 422
        assert set(Reservation.objects.values_list("status", flat=True)) == {"confirmed"}

    def test_it_is_for_the_version_that_was_looked_at(self, program):
        reservation = book(make_apartment())

        stale = step(program, reservation, "undo", if_match='"5"')

        assert stale.status_code == 412
        assert Reservation.objects.get().status == Status.CONFIRMED
