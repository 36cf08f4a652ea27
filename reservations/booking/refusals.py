"""Errors that the verbs of booking raise. Their messages are for staff; some of them have alternatives."""

from http import HTTPStatus
from typing import Self

from config.errors import DomainError, VersionConflict
from properties.models import Property, RoomType, Unit
from properties.money import Money
from reservations.availability import Availability
from reservations.models import Event, Reservation
from reservations.wording import taken_in_words


class DatesTaken(DomainError):
    """At least one of the nights is taken, by a stay or a closure. `answer` says by which, and has alternatives.

    `reservation` is the one that was to be changed, None for a new booking.
    """

    code = "dates_taken"
    when = "On at least one of the nights the room is taken by another stay, or closed; or no room is free."
    then = "“next_free”, “other_units” and “other_properties” have alternatives; “in_the_way” says who has the nights."

    def __init__(self, answer: Availability, reservation: Reservation | None = None) -> None:
        super().__init__(taken_in_words(answer))
        self.answer: Availability | None = answer  # None of a group, which has no single answer
        self.reservation = reservation


class NotBookable(DomainError):
    """The property or the room is archived, the room is another property's, or the hold would end at once."""

    code = "not_bookable"
    when = "The property or room is archived, the room or type is another property’s, or the hold would end at once."
    then = "“detail” says which. Ask what is available."

    @classmethod
    def of_property(cls, property: Property) -> Self:
        return cls(f"{property} is archived and takes no bookings. Choose another property.")

    @classmethod
    def of_unit(cls, unit: Unit) -> Self:
        return cls(f"Room {unit} cannot be booked any more. Choose another room.")


class NotYet(DomainError):
    """The step is for another day, or needs a room, or another party has to leave the room first."""

    code = "not_yet"
    when = "It is the wrong day for this step, the stay has no room, or another party has not left the room."
    then = "“detail” says which, and what to do first."


class PlanChanged(DomainError):
    """The agreed moves are not possible any more, or were agreed for another request."""

    code = "plan_changed"
    when = "The moves of other stays that were agreed to are not possible any more. Nobody was moved."
    then = "Ask for alternatives again."

    def __init__(self) -> None:
        super().__init__(
            "The rooms have changed since this plan was made. Nobody was moved and nothing was booked. Look again."
        )


class OutsideLimits(DomainError):
    """The stay is shorter or longer, or the party larger, than the limits allow. `field` is the form's field to change.

    `needs_reason` is True where a manager may do it nevertheless, with a reason.
    """

    code = "outside_limits"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "The stay is too short or too long, or the party too large."
    then = "“errors” names the field. The limits are those of the property or of its room type."

    def __init__(self, message: str, *, field: str = "departure", needs_reason: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.needs_reason = needs_reason
        self.line: tuple[RoomType | None, int, int] | None = None  # of the group's `rooms`, see `book_group`


class BrokenRule(DomainError):
    """The request breaks a rule, whatever is free. `field` is the field to change, `rule` a code of
    `api.field_errors`."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str, *, field: str, rule: str) -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule


class ReasonNeeded(DomainError):
    """A room is taken away only with a reason, which the history shows."""

    code = "reason_needed"
    when = "A stay’s room is taken away only with a reason."
    then = "Send a reason. The history shows it."


class NotOpen(DomainError):
    """The reservation is over, cancelled or lapsed and cannot be changed."""

    code = "not_open"
    when = "The reservation is over, cancelled or expired."
    then = "“steps” of the reservation lists what is still possible."

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"{reservation.reference} is {reservation.shown_status.label.lower()} and cannot be changed.")
        self.reservation = reservation


class NotMovable(DomainError):
    """The move is impossible for this stay: not one of its nights, its own room, or another property's room."""

    code = "not_movable"
    when = "This stay cannot move like that: the room is another property’s, for example, or the night is not its own."
    then = "“detail” says why. Choose another room, or other nights."


class SegmentGone(NotMovable):
    """The stay no longer has the segment that was to move."""

    def __init__(self) -> None:
        super().__init__("This part of the stay is not there any more. Look again.")


class ChangedMeanwhile(VersionConflict):
    """Somebody changed the reservation since it was read. `theirs` is the reservation now, `event` its latest event."""

    def __init__(self, theirs: Reservation, event: Event | None) -> None:
        who = event.actor if event and event.actor else "Someone"
        super().__init__(f"{who} changed {theirs.reference} while you were looking at it. Nothing of yours was saved.")
        self.theirs = theirs
        self.event = event


class PriceWouldChange(DomainError):
    """An agreed night would change at today's rates, and the request does not say which price to take.

    `kept` is the total with `pricing="keep"`, `requoted` with `"requote"`, each in its own currency. `how_kept` says
    how `kept` is made up, such as €396.00 agreed + €176.00 Sun = €572.00.
    """

    code = "price_would_change"
    when = (
        "Another room type, nights that are given up or another currency would change the agreed price, and the "
        "request has no “pricing”."
    )
    then = (
        "Send “pricing”: “keep” for the agreed rates (the total is in “kept”), “requote” for today’s (in “requoted”)."
    )

    def __init__(self, *, kept: Money, requoted: Money, how_kept: str) -> None:
        super().__init__(_price_question(kept, requoted, how_kept))
        self.kept = kept
        self.requoted = requoted


class PriceNotAsShown(DomainError):
    """The price that staff have chosen is not the one that their page showed them."""

    code = "price_not_as_shown"
    when = "The total is another one than the page showed."
    then = "Look at the price again."

    def __init__(self, *, shown: Money, found: Money) -> None:
        super().__init__(f"The price is {found} by now, not {shown}. Nothing was saved: look at it again.")


def _price_question(kept: Money, requoted: Money, how_kept: str) -> str:
    if kept.currency == requoted.currency:
        return f"The price would change. Keep what was agreed ({how_kept}), or take today’s rates ({requoted})?"
    return (
        f"This stay was agreed in {kept.currency}; today's rates are in {requoted.currency}. "
        f"Keep {kept} for all nights, or take {requoted} for all of them?"
    )
