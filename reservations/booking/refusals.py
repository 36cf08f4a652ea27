"""Errors that the verbs of the calendar raise, with messages for staff and, where there are any, alternatives."""

from http import HTTPStatus
from typing import Self

from config.errors import DomainError, VersionConflict
from properties.models import Property, RoomType, Unit
from properties.money import Money
from reservations.availability import Availability
from reservations.models import Event, Reservation
from reservations.wording import taken_in_words


class DatesTaken(DomainError):
    """Someone sleeps there, or it is closed, on at least one of the nights. `answer` says who, and has alternatives;
    `reservation` is the one that wanted them, None for a new one."""

    code = "dates_taken"
    when = "On at least one of the nights somebody sleeps there, or it is closed."
    then = "“next_free”, “other_units” and “other_properties” are alternatives; “in_the_way” says who is there."

    def __init__(self, answer: Availability, reservation: Reservation | None = None) -> None:
        super().__init__(taken_in_words(answer))
        self.answer: Availability | None = answer  # None of a group, which has no single answer
        self.reservation = reservation


class NotBookable(DomainError):
    """The property or room is archived, or the room is not of the property, or the hold would end at once."""

    code = "not_bookable"
    when = "The property or the room is archived, or is not sold like this, or the hold would end at once."
    then = "The words say which. Ask what is available."

    @classmethod
    def of_property(cls, property: Property) -> Self:
        return cls(f"{property} is archived and takes no bookings. Choose another property.")

    @classmethod
    def of_unit(cls, unit: Unit) -> Self:
        return cls(f"Room {unit} cannot be booked any more. Choose another room.")


class NotYet(DomainError):
    """The step has its day, its room, or someone else to leave first."""

    code = "not_yet"
    when = "The step has its day, needs a room, or somebody has to leave first."
    then = "The words say what is missing."


class PlanChanged(DomainError):
    """The agreed moves are not possible any more, or not for this request."""

    code = "plan_changed"
    when = "The agreed moves are not possible any more. Nobody was moved."
    then = "Ask for alternatives again."

    def __init__(self) -> None:
        super().__init__(
            "The rooms have changed since this plan was made. Nobody was moved and nothing was booked. Look again."
        )


class OutsideLimits(DomainError):
    """Too short, too long, or more people than sleep there. `field` says where to change it.

    `needs_reason`: a manager may do it nevertheless, and says why.
    """

    code = "outside_limits"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "The stay is too short or too long, or the party too large."
    then = "“errors” names the field; the property or its room type has the limits."

    def __init__(self, message: str, *, field: str = "departure", needs_reason: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.needs_reason = needs_reason
        self.line: tuple[RoomType | None, int, int] | None = None  # of a group's rooms, as `book_group` takes them


class BrokenRule(DomainError):
    """The request breaks a rule, whatever is free. `field` says where to change it; `rule` is a code of
    `api.field_errors`."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str, *, field: str, rule: str) -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule


class ReasonNeeded(DomainError):
    """Taking a room away is a manager's decision, and its reason stands in the history."""

    code = "reason_needed"
    when = "Taking a room away needs a reason."
    then = "Give one: it stands in the history."


class NotOpen(DomainError):
    """The reservation is over or cancelled and cannot be changed."""

    code = "not_open"
    when = "The reservation is over or cancelled."
    then = "“steps” of the reservation says what it still allows."

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"{reservation.reference} is {reservation.shown_status.label.lower()} and cannot be changed.")
        self.reservation = reservation


class NotMovable(DomainError):
    """The move makes no sense for this stay: not one of its nights, its own room, another property's room."""

    code = "not_movable"
    when = "The move makes no sense: not one of its nights, its own room, or another property’s."
    then = "Choose another room, or other nights."


class SegmentGone(NotMovable):
    """The segment that was to move is none of the stay's any more."""

    def __init__(self) -> None:
        super().__init__("This part of the stay is not there any more. Look again.")


class ChangedMeanwhile(VersionConflict):
    """Someone saved after this form was opened. `theirs` is the reservation as it is now, `event` what they did."""

    def __init__(self, theirs: Reservation, event: Event | None) -> None:
        who = event.actor if event and event.actor else "Someone"
        super().__init__(f"{who} changed {theirs.reference} while you were looking at it. Nothing of yours was saved.")
        self.theirs = theirs
        self.event = event


class PriceWouldChange(DomainError):
    """The nights would cost something else by today's rate table. Say `pricing="keep"` or `"requote"`.

    `kept` and `requoted` are the totals, each in its own currency.
    """

    code = "price_would_change"
    when = "The nights cost something else today."
    then = "Say whether what was agreed is kept or today’s rates count: “kept” or “requoted”, each in its currency."

    def __init__(self, *, kept: Money, requoted: Money) -> None:
        super().__init__(_price_question(kept, requoted))
        self.kept = kept
        self.requoted = requoted


def _price_question(kept: Money, requoted: Money) -> str:
    if kept.currency == requoted.currency:
        return "The price would change. Keep what was agreed, or take today's rates?"
    return (
        f"This stay was agreed in {kept.currency}; today's rates are in {requoted.currency}. "
        f"Keep {kept} for all nights, or take {requoted} for all of them?"
    )


class NotAllowed(DomainError):
    """Only managers may overrule the calendar, and only with a reason."""

    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN
    when = "Only managers may overrule the calendar, and only with a reason."
    then = "Use a manager’s token, and give a reason."

    def __init__(self, message: str = "Only a manager may do this, and only with a reason.") -> None:
        super().__init__(message)
