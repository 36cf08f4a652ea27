"""Each rule is tried through each entry point (form, API, also of a group) by which a stay is sold.

The tables say what each entry point answers to each rule. A missing cell fails the test.
"""

import itertools
from dataclasses import dataclass

import pytest

from reservations.models import Reservation, Status
from tests.api.programs import Program
from tests.factories import make_room_type
from tests.reservations.test_rules_by_entry_point import (
    DAY,
    DONE,
    NOT_OFFERED,
    REFUSED,
    Case,
    Rule,
    at_least_five_nights,
    cells,
    is_told,
    nothing,
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class SaleRule:
    words: str | tuple[str, ...]
    obstacle: object = nothing
    room_type: str = ""
    party_size: int = 2
    gets: str = ""  # the room that is given, if it is sold


def all_rooms_are_booked(case):
    for name in ("101", "102", "103", "104"):
        case.make(name, guest="Tom Byrne")


def the_first_room_is_not_empty(case):
    case.make("101", nights=1, guest="Anna Over", first=case.first - 2 * DAY, status=Status.IN_HOUSE)


def the_first_room_costs_more(case):
    dear = make_room_type(case.hotel, "Suite", sleeps=4, nightly_rate=400)
    case.hotel.units.filter(name="101").update(room_type=dear)


RULES = {
    "nothing is in the way": SaleRule(""),
    "nights are taken": SaleRule(("free", "wanted"), obstacle=all_rooms_are_booked),
    "a room sleeps too few": SaleRule("sleeps 2; this party has 3", party_size=3),
    "another length than is sold": SaleRule("at least 5 nights", obstacle=at_least_five_nights),
    "a room is not empty": SaleRule("", obstacle=the_first_room_is_not_empty, gets="102"),
    "a room is dearer than another": SaleRule("", obstacle=the_first_room_costs_more, gets="102"),
    "a type of another property": SaleRule(("type", "not one of", "another"), room_type="Foreign"),
}
ENTRY_POINTS = {"form", "api", "group_form", "api_group"}
CELLS = {
    **cells("nothing is in the way", done=ENTRY_POINTS),
    **cells("nights are taken", refused=ENTRY_POINTS),
    **cells("a room sleeps too few", refused=ENTRY_POINTS),
    **cells("another length than is sold", refused=ENTRY_POINTS),
    **cells("a room is not empty", done=ENTRY_POINTS),
    **cells("a room is dearer than another", done=ENTRY_POINTS),
    **cells("a type of another property", refused={"form", "api", "api_group"}, unsayable={"group_form"}),
}


class EntryPoints:
    """Each books one room for three nights from today on, or a group of two rooms."""

    def __init__(self, browser, program):
        self.browser, self.program = browser, program

    def form(self, case, rule, nights):
        page = self.browser.get(f"/reservations/new/?property={case.hotel.pk}")
        typed = {"Guest": "Ines Duarte", "Guests": str(rule.party_size)}
        typed |= {"Room type": rule.room_type} if rule.room_type else {}
        return self._press(page, "Reserve", typed | nights)

    def group_form(self, case, rule, nights):
        page = self.browser.get(f"/reservations/new-group/?property={case.hotel.pk}")
        typed = {"Booker": "Ines Duarte", "Rooms: Double": "2", "Guests in each: Double": str(rule.party_size)}
        return self._press(page, "Reserve all", typed | nights)

    def api(self, case, rule, nights):
        body = {"guest_name": "Ines Duarte", "party_size": rule.party_size, "room_type": self._type(case, rule)}
        return self._send("/reservations/", case, body, nights)

    def api_group(self, case, rule, nights):
        line = {"count": 2, "party_size": rule.party_size, "room_type": self._type(case, rule)}
        return self._send("/groups/", case, {"booker_name": "Ines Duarte", "rooms": [line]}, nights)

    def _type(self, case, rule):
        return make_room_type(case.other_hotel, "Foreign").pk if rule.room_type else None

    def _send(self, path, case, body, nights):
        body |= {"property": case.hotel.pk, "arrival": nights["Arrival"], "departure": nights["Departure"]}
        return self.program.post(path, body).content.decode()

    def _press(self, page, button, typed):
        try:
            answer = page.press(button, typed)
        except (AssertionError, ValueError) as missing:
            return f"{page.shown} {NOT_OFFERED}: {missing}"
        return answer.shown


@pytest.mark.parametrize(("rule", "entry_point"), list(itertools.product(RULES, sorted(ENTRY_POINTS))))
@pytest.mark.sampled(14)
def test_each_entry_point_that_sells_applies_each_rule(rule, entry_point, browser):
    expected = CELLS.get((rule, entry_point), "nobody has decided")
    assert expected != "nobody has decided", f"Decide what {entry_point} says when: {rule}."
    if expected == "unsayable":
        return
    case = Case(Rule("", is_in_house=True), browser.user)
    RULES[rule].obstacle(case)
    before = set(Reservation.objects.values_list("pk", flat=True))
    nights = {"Arrival": f"{case.first + DAY}", "Departure": f"{case.first + 4 * DAY}"}

    said = getattr(EntryPoints(browser, Program.of(browser.user)), entry_point)(case, RULES[rule], nights)

    sold = Reservation.objects.with_unit().exclude(pk__in=before)
    assert (DONE if sold else REFUSED) == expected, said[:3000]
    if expected == REFUSED:
        assert is_told(RULES[rule].words, said), said[:3000]
    else:
        assert RULES[rule].gets in {stay.unit.name for stay in sold} | {""}
        assert not RULES[rule].gets or "101" not in {stay.unit.name for stay in sold}
