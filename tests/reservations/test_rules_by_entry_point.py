"""Each rule is tried through each entry point (form, drag, undo, API) by which a stay is changed.

The tables say what each entry point answers to each rule. A missing cell fails the test.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from accounts.models import User
from properties.models import Unit
from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_span
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

DONE, REFUSED = "done", "refused"
NOT_OFFERED = "not to be chosen there"
DAY = dt.timedelta(days=1)


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def nothing(case):
    """No obstacle."""


@dataclass
class Case:
    """A stay, the change that is requested, and what is in the way of it."""

    rule: "Rule"
    user: User
    hotel: object = field(init=False)
    stay: Reservation = field(init=False)

    def __post_init__(self):
        self.hotel = make_hotel(["101", "102", "103", "104"])
        double = make_room_type(self.hotel, "Double", sleeps=2, nightly_rate=90)
        self.hotel.units.update(room_type=double)
        self.hotel.units.filter(name="103").update(
            room_type=make_room_type(self.hotel, "Single", sleeps=1, nightly_rate=90)
        )
        self.other_hotel = make_hotel(["901"])

    @property
    def first(self):
        return self.hotel.today() - DAY if self.rule.is_in_house else ARRIVAL

    @property
    def unit(self):
        return Unit.objects.get(name=self.rule.unit, property__in=[self.hotel, self.other_hotel])

    @property
    def requested(self):
        return Stay.of_nights(self.first, self.rule.nights)

    def make(self, name, nights=3, guest="Ines Duarte", first=None, status=None):
        if status is None:
            status = Status.IN_HOUSE if self.rule.is_in_house else Status.CONFIRMED
        unit = Unit.objects.get(name=name, property__in=[self.hotel, self.other_hotel])
        return make_reservation(
            unit.property, unit=unit, arrival=first or self.first, nights=nights, guest=guest, status=status,
            room_type=unit.room_type, party_size=2,
        )  # fmt: skip


@dataclass(frozen=True)
class Rule:
    words: str | tuple[str, ...]  # of the refusal, in the answer of any entry point; or one of several
    unit: str = "102"
    nights: int = 3
    obstacle: object = nothing  # before anybody looks
    meanwhile: object = nothing  # after they have looked, before they press
    is_in_house: bool = False
    reason: str = ""


def somebody_is_booked_there(case):
    case.make("102", guest="Tom Byrne", first=case.first + DAY)


def somebody_has_not_left(case):
    case.make("102", nights=1, guest="Anna Over", first=case.first - 2 * DAY, status=Status.IN_HOUSE)


def at_most_three_nights(case):
    type(case.hotel).objects.filter(pk=case.hotel.pk).update(max_nights=3)


def at_least_five_nights(case):
    type(case.hotel).objects.filter(pk=case.hotel.pk).update(min_nights=5)


def it_is_cancelled(case):
    lifecycle.cancel(reservation=case.stay, actor=None)


def the_room_is_archived(case):
    case.hotel.units.filter(name="102").update(archived_at=timezone.now())


def a_colleague_promises_the_room(case):
    booking.set_lock(reservation=case.stay, is_locked=True, actor=None)


RULES = {
    "nothing is in the way": Rule(""),
    "nights are taken": Rule("Room 102 is not free", obstacle=somebody_is_booked_there),
    "a room is not empty": Rule(
        "Anna Over has not been checked out of room 102", obstacle=somebody_has_not_left, is_in_house=True
    ),
    "a room sleeps too few": Rule("sleeps 1", unit="103"),
    "another length than is sold": Rule("at most 3 nights", unit="101", nights=5, obstacle=at_most_three_nights),
    "another length, and no manager says why": Rule(
        "manager", unit="101", nights=5, obstacle=at_most_three_nights, reason="They asked."
    ),
    "a stay of a length that is not sold any more": Rule("", obstacle=at_least_five_nights),
    "a stay that is cancelled": Rule("cancel", obstacle=it_is_cancelled),
    "a room that is archived": Rule("Room 102 cannot be booked any more", obstacle=the_room_is_archived),
    "a room of another property": Rule(("another property", "of the same", "not of"), unit="901"),
    "a version that is stale": Rule("", meanwhile=a_colleague_promises_the_room),
}


# --- entry points: each tries the change and returns the text of the response --------------------------------------


class EntryPoints:
    def __init__(self, browser, program):
        self.browser, self.program = browser, program

    def change_form(self, case):
        return self._form(case, "edit", "Save changes")

    def split_form(self, case):
        night = {"First night in the other room": f"{case.first + DAY}"}
        return self._form(case, "split", "Move", dates=night)

    def swap_form(self, case):
        partner = self._partner(case)
        page = self.browser.get(f"/reservations/{case.stay.reference}/swap/", expect_errors=True)
        case.rule.meanwhile(case)
        whom = f"{partner.unit} · {partner.guest}, {short_span(partner.stay)}"
        return self._press(page, "Swap rooms", {"With": whom})

    def drop(self, case):
        return self._drop(case, unit=case.unit.pk, arrival=case.requested.arrival, departure=case.requested.departure)

    def drop_swap(self, case):
        partner = self._partner(case)
        nights = {"arrival": case.stay.arrival, "departure": case.stay.departure}
        return self._drop(case, unit=case.unit.pk, swap_with=partner.reference, **nights)

    def undo_button(self, case):
        """Of the act by which it left the requested room or nights."""
        event = case.stay.events.filter(action="moved").latest("pk")
        case.rule.meanwhile(case)
        page = self.browser.get("/")
        answer = self._post(page, f"/reservations/undo/{event.pk}/", {})
        return answer.follow().text if answer.status_int == 302 else answer.text

    def api_patch(self, case):
        body = {
            "unit": case.unit.pk,
            "arrival": f"{case.requested.arrival}",
            "departure": f"{case.requested.departure}",
        }
        return self._api(case, "patch", "", body | self._reason(case))

    def api_move(self, case):
        body = {
            "unit": case.unit.pk,
            "arrival": f"{case.requested.arrival}",
            "departure": f"{case.requested.departure}",
        }
        return self._api(case, "post", "move/", body | self._reason(case))

    def api_split(self, case):
        return self._api(case, "post", "split/", {"unit": case.unit.pk, "night": f"{case.first + DAY}"})

    def api_join(self, case):
        return self._api(case, "post", "join/", {"unit": case.unit.pk})

    def api_swap(self, case):
        return self._api(case, "post", "swap/", {"other": self._partner(case).reference})

    def api_undo(self, case):
        event = case.stay.events.filter(action="moved").latest("pk")
        return self._api(case, "post", "undo/", {"event": event.pk})

    def _partner(self, case):
        """Who has the other room on one of the nights that nobody else has it."""
        first = case.first + DAY if case.rule.is_in_house else case.first
        return case.make(case.unit.name, nights=1, guest="Paul Partner", first=first, status=Status.CONFIRMED)

    def _form(self, case, page, button, *, dates=None):
        if dates is None:
            dates = {"Arrival": f"{case.requested.arrival}", "Departure": f"{case.requested.departure}"}
        shown = self.browser.get(f"/reservations/{case.stay.reference}/{page}/", expect_errors=True)
        case.rule.meanwhile(case)
        names = [option.text.strip() for option in shown.html.select("option")]
        room = next((name for name in names if name.split(" · ")[0] == case.unit.name), "not offered")
        return self._press(shown, button, {"Room": room} | dates)

    def _press(self, page, button, typed):
        try:
            answer = page.press(button, typed)
        except (AssertionError, ValueError) as missing:
            return f"{page.shown} {NOT_OFFERED}: {missing}"
        return answer.follow().shown if answer.status_int == 302 else answer.shown

    def _drop(self, case, **fields):
        [segment, *_] = [*case.stay.segments, None]
        bar = {"reference": case.stay.reference, "segment": segment.pk if segment else "", "version": case.stay.version}
        case.rule.meanwhile(case)
        more = {"chart": "1", "shown": f"first={case.first}&days=28", "reason": case.rule.reason}
        page = self.browser.get("/")
        return self._post(page, "/calendar/move/", bar | fields | more, headers={"HX-Request": "true"}).text

    def _post(self, page, path, sent, headers=None):
        """As a script of the page sends it."""
        token = page.html.find("input", {"name": "csrfmiddlewaretoken"})["value"]
        sent = {name: str(value) for name, value in sent.items()} | {"csrfmiddlewaretoken": token}
        came_from = {"HTTP_REFERER": str(page.request.url)}
        return self.browser.post(path, sent, headers=headers, extra_environ=came_from, expect_errors=True)

    def _api(self, case, method, act, body):
        version = f'"{case.stay.version}"'
        case.rule.meanwhile(case)
        path = f"/reservations/{case.stay.reference}/{act}"
        return getattr(self.program, method)(path, body, if_match=version).content.decode()

    def _reason(self, case):
        return {"overrule_reason": case.rule.reason} if case.rule.reason else {}


# What splits leaves the first night where it was, and nobody swaps nights: there is no other length to ask for.
ROOM_ONLY = {"split_form", "api_split", "api_join", "swap_form", "drop_swap", "api_swap"}
UNDOES = {"undo_button", "api_undo"}
DATES_TOO = {"change_form", "drop", "api_patch", "api_move"}
ENTRY_POINTS = DATES_TOO | ROOM_ONLY | UNDOES


def cells(rule, **answers):
    """{(rule, entry_point): answer}, of sets of entry points by answer."""
    return {(rule, entry_point): answer for answer, entry_points in answers.items() for entry_point in entry_points}


CELLS = {
    **cells("nothing is in the way", done=ENTRY_POINTS),
    **cells("nights are taken", refused=ENTRY_POINTS),
    **cells("a room is not empty", refused=ENTRY_POINTS),
    # Taken back is what was: nobody is asked again whether it was a good idea.
    **cells("a room sleeps too few", refused=ENTRY_POINTS - UNDOES, done=UNDOES),
    **cells("another length than is sold", refused=DATES_TOO, done=UNDOES, unsayable=ROOM_ONLY),
    **cells(
        "another length, and no manager says why",
        refused={"drop", "api_patch", "api_move"},
        unsayable=ROOM_ONLY | UNDOES | {"change_form"},  # the field is there for managers
    ),
    **cells("a stay of a length that is not sold any more", done=ENTRY_POINTS),
    **cells("a stay that is cancelled", refused=ENTRY_POINTS),
    **cells("a room that is archived", refused=ENTRY_POINTS),
    **cells("a room of another property", refused=ENTRY_POINTS - UNDOES, unsayable=UNDOES),
    **cells("a version that is stale", refused=ENTRY_POINTS),
}


@pytest.fixture
def entry_points(browser):
    return EntryPoints(browser, Program.of(browser.user))


@pytest.mark.parametrize(("rule", "entry_point"), list(itertools.product(RULES, sorted(ENTRY_POINTS))))
@pytest.mark.sampled(48)
def test_each_entry_point_applies_each_rule(rule, entry_point, entry_points):
    expected = CELLS.get((rule, entry_point), "nobody has decided")
    assert expected != "nobody has decided", f"Decide what {entry_point} says when: {rule}."
    if expected == "unsayable":
        return
    case = Case(RULES[rule], entry_points.browser.user)
    case.stay = _at_home(case, entry_point)
    RULES[rule].obstacle(case)
    case.stay = fresh(case.stay)

    said = getattr(entry_points, entry_point)(case)

    assert (DONE if _is_done(case) else REFUSED) == expected, said[:3000]
    assert expected == DONE or is_told(RULES[rule].words, said), said[:3000]


def _at_home(case, entry_point):
    """In 101 for three nights; for an undo it has come there from the requested room or nights."""
    if entry_point not in UNDOES:
        return fresh(case.make("101"))
    was = case.make(case.unit.name, nights=case.rule.nights)
    back = {"stay": Stay.of_nights(case.first, 3)} if case.rule.nights != 3 else {}
    unit = case.hotel.units.get(name="101")
    booking.move(reservation=was, unit=unit, actor=case.user, pricing="keep", **back)
    return fresh(was)


def is_told(words, said):
    """In words of the rule, or by leaving it out of what can be chosen."""
    words = (words,) if isinstance(words, str) else words
    return any(each.lower() in said.lower() for each in (*words, NOT_OFFERED))


def _is_done(case):
    now = fresh(case.stay)
    return [segment.unit.name for segment in now.segments][-1:] == [case.unit.name] and now.stay == case.requested
