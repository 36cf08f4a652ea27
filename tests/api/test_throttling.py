"""How often a program may ask is counted by the database, exactly, for all servers together."""

from collections import Counter

import pytest

from accounts import tokens
from api import throttling
from api.models import Usage
from tests.api.programs import Program
from tests.concurrency.crowd import at_once
from tests.factories import make_user

MOST = 60
# Two hundred requests; the database takes a hundred connections.
CLIENTS, EACH = 25, 8


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """`clock("09:00:41")` is the time from then on: no minute turns while a test counts."""
    settings.API_REQUESTS_PER_MINUTE = MOST
    text = throttling.COUNT

    def set_to(time):
        now = f"timestamptz '2026-11-20 {time}+00'"
        monkeypatch.setattr(throttling, "COUNT", text.replace("statement_timestamp()", now))

    set_to("09:00:41")
    return set_to


def statuses(program, times, **headers):
    return Counter(program.get("/properties/", **headers).status_code for _ in range(times))


@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_at_once_sixty_pass(alice):
    _, secret = tokens.issue(user=alice, name="Tests", scopes=["availability"], actor=alice)

    answers = at_once(CLIENTS, lambda _: statuses(Program(secret), EACH))

    assert sum(answers, Counter()) == {200: MOST, 429: CLIENTS * EACH - MOST}
    assert Usage.objects.get().count == CLIENTS * EACH


@pytest.mark.django_db
class TestCounting:
    def test_who_is_over_it_is_told_when_to_come_back(self, program, clock):
        assert statuses(program, MOST) == {200: MOST}

        answer = program.get("/properties/")

        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "19"
        assert (answer.json()["code"], answer.json()["status"]) == ("throttled", 429)

    def test_the_count_begins_anew_with_the_minute(self, program, clock):
        assert statuses(program, MOST + 1) == {200: MOST, 429: 1}

        clock("09:01:00")

        assert statuses(program, MOST + 1) == {200: MOST, 429: 1}

    def test_retry_after_is_never_too_short_and_never_nothing(self, program, clock):
        clock("09:00:59.999")

        statuses(program, MOST)

        assert program.get("/properties/").headers["Retry-After"] == "1"

    @pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "client_ip"])
    def test_another_address_changes_nothing(self, program, header):
        passed = sum(
            program.get("/properties/", **{header: f"10.0.0.{number}"}).status_code == 200 for number in range(MOST + 5)
        )

        assert passed == MOST

    def test_each_token_counts_for_itself_and_the_browser_too(self, alice, desk):
        first, second = Program.of(alice), Program.of(alice)

        assert statuses(first, MOST + 1) == {200: MOST, 429: 1}
        assert statuses(second, MOST + 1) == {200: MOST, 429: 1}
        assert desk.get("/api/v1/properties/").status_code == 200
        assert Usage.objects.count() == 3

    def test_a_session_counts_by_person(self, desk, client):
        answers = Counter(desk.get("/api/v1/properties/").status_code for _ in range(MOST + 1))

        assert answers == {200: MOST, 429: 1}
        client.force_login(make_user("bob"))
        assert client.get("/api/v1/properties/").status_code == 200

    def test_strangers_use_up_nobodys(self, program, alice):
        for _ in range(MOST + 1):
            Program("rt_wrong").get("/properties/")

        assert program.get("/properties/").status_code == 200

    def test_zero_is_as_many_as_they_like(self, program, settings):
        settings.API_REQUESTS_PER_MINUTE = 0

        assert statuses(program, MOST + 5) == {200: MOST + 5}
        assert not Usage.objects.exists()

    def test_a_new_token_starts_at_nothing(self, alice):
        statuses(Program.of(alice), MOST + 1)
        _, secret = tokens.issue(user=alice, name="Next", scopes=["availability"], actor=alice)

        assert Program(secret).get("/properties/").status_code == 200
