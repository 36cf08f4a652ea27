"""The hints beside the form of the page Change: free or not, in which rooms, and what becomes of the price."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.computed import computed
from properties.models import Property, Unit
from properties.money import Money, total
from reservations import availability, wording
from reservations.availability import Availability
from reservations.booking import ChangeRequest, NotMovable, terms
from reservations.booking.drafts import (
    Draft,
    StaySegment,
    refuse_moved_arrival,
    relocated,
    still_to_sleep,
    with_segment,
)
from reservations.booking.prices import (
    KeptPrice,
    NightsAtRate,
    difference,
    differences_by_type,
    grouped_by_rate,
    price_of_change,
    signed,
    type_priced,
)
from reservations.models import Reservation
from reservations.offers.months import Months, months_around
from reservations.stay import BadStay, Stay


@dataclass(frozen=True)
class ChangeHints:
    """The hints. `stay` and all that depends on it are None or empty until the dates make a stay."""

    property: Property
    calendar: Months
    problems: tuple[str, ...] = ()  # why the values so far will be refused
    stay: Stay | None = None
    answer: Availability | None = None  # None also where no night of the stay needs a room
    other_rooms: tuple[tuple[Unit, str], ...] = ()  # free for the same nights, each with its difference in price
    rooms: str = ""  # which rooms the party gets when, if there are several before or after the change
    cannot: str = ""  # why it is impossible, whatever is free
    kept: KeptPrice | None = None
    requoted: tuple[NightsAtRate, ...] = ()  # if an agreed night would change and there are two prices
    requoted_total: Money | None = None
    kept_difference: str = ""  # by how much the stay gets dearer if the agreed rates are kept
    requoted_difference: str = ""
    outside: str = ""  # why the stay is too short or long, or the party too large
    needs_reason: bool = False  # whether a manager may do it nevertheless, with a reason
    larger_rooms: tuple[Unit, ...] = ()  # free for the same nights, when the party is too large for the room
    is_in_the_past: bool = False
    is_unchanged: bool = False  # dates, rooms and party are those of the stay
    a_night_less: Stay | None = None
    a_night_more: Stay | None = None

    @computed
    def is_free(self) -> bool:
        return self.stay is not None and (self.answer is None or self.answer.is_free)


def hints_for(
    reservation: Reservation,
    request: ChangeRequest,
    *,
    criteria: dict,
    problems: Sequence[str] = (),
    refused: Availability | None = None,
) -> ChangeHints:
    """Hints for what is asked for so far. `criteria` are the valid values of the form, `CriteriaForm.cleaned_data`.

    `problems` are words for those that are not valid. `refused` is the answer of a DatesTaken, which is shown and not
    computed again.
    """
    property, draft = reservation.property, Draft.of(reservation)
    unit = request.unit or (None if request.room_type else _only_room(draft))
    hints = ChangeHints(
        property=property,
        calendar=months_around(criteria, property=property, unit=unit, ignoring=reservation),
        problems=tuple(problems),
    )
    if request.stay is None:
        return hints
    hints = replace(hints, stay=request.stay, **_nights_beside(request.stay))
    try:
        answer, segments = _after(draft, request)
    except NotMovable as refusal:
        return replace(hints, cannot=refusal.message)
    answer = _fitting(refused or answer, reservation, draft)
    whole = Stay(segments[0].stay.arrival, segments[-1].stay.departure) if segments else request.stay
    priced = _priced(reservation, request, segments)
    return replace(
        hints,
        answer=answer,
        other_rooms=_with_differences(reservation, whole, answer.other_rooms if answer else ()),
        rooms=wording.in_rooms(segments) if max(len(segments), len(draft.segments)) > 1 and segments else "",
        is_unchanged=_is_unchanged(draft, request, whole, segments),
        is_in_the_past=whole.arrival < property.today() and whole.arrival != reservation.arrival,
        **_price(reservation, whole, priced),
        **_limits(reservation, whole, segments[-1].unit.room_type if segments else priced, request.party_size),
    )


def difference_after_move(reservation: Reservation, *, unit: Unit, stay: Stay, segment: int | None) -> str:
    """By how much the stay gets dearer, such as +€88.00, when it, or its segment with the key `segment`, is moved.

    It is "" for the same price, and for a move that is not possible.
    """
    draft = Draft.of(reservation)
    try:
        index = draft.keys.index(segment) if segment in draft.keys else draft.index_of(None)
        segments = with_segment(draft, index, unit, stay)
        whole = Stay(segments[0].stay.arrival, segments[-1].stay.departure)
    except (NotMovable, BadStay):
        return ""
    price = _price(reservation, whole, type_priced(reservation, segments))
    return price.get("requoted_difference", price["kept_difference"])


def _after(draft: Draft, request: ChangeRequest) -> tuple[Availability | None, list[StaySegment]]:
    """(the answer about the nights that need a room, the segments after the change). Raises NotMovable.

    There are no segments if no room is free. With several segments, the answer is about the first that is not free.
    """
    if request.names_rooms or request.moves_nothing(draft):
        segments = request.rearranged(draft) if request.names_rooms else draft.segments
        return _answer_about(draft, segments), segments
    reservation, stay = draft.reservation, request.stay or draft.reservation.stay
    refuse_moved_arrival(reservation, stay)
    rest = still_to_sleep(reservation, draft.segments, stay)
    if rest is None:
        return None, request.slept(draft, stay)
    answer = _ask(
        reservation,
        rest,
        unit=request.unit,
        room_type=request.room_type,
        party_size=request.party_size,
        length=None if stay.nights == reservation.stay.nights else stay.nights,
    )
    return answer, relocated(reservation, draft.segments, answer.room, stay) if answer.room else []


def _answer_about(draft: Draft, segments: list[StaySegment]) -> Availability | None:
    answer = None
    for segment in segments:
        answer = _ask(draft.reservation, segment.stay, unit=segment.unit)
        if not answer.is_free:
            break
    return answer


def _is_unchanged(draft: Draft, request: ChangeRequest, whole: Stay, segments: list[StaySegment]) -> bool:
    reservation = draft.reservation
    is_same_party = request.party_size in (None, reservation.party_size)
    return is_same_party and whole == reservation.stay and segments == draft.segments


def _ask(reservation: Reservation, stay: Stay, **wanted) -> Availability:
    return availability.answer(
        property=reservation.property, stay=stay, ignoring=reservation, elsewhere=False, **{"unit": None} | wanted
    )


def _fitting(answer: Availability | None, reservation: Reservation, draft: Draft) -> Availability | None:
    """The answer with those alternatives only that a press can take: other nights of a party that is not in the house,
    and one room for a stay that has one."""
    if answer is None:
        return None
    if len(draft.segments) > 1:
        answer = replace(answer, next_free=(), other_rooms=())
    return replace(answer, next_free=() if reservation.is_there else answer.next_free, other_properties=())


def _with_differences(reservation: Reservation, stay: Stay, rooms: Sequence[Unit]) -> tuple[tuple[Unit, str], ...]:
    """Each room with words such as +€88.00, "" for the same price."""
    more = differences_by_type(reservation, stay, [room.room_type for room in rooms]) if rooms else {}
    return tuple((room, signed(more[room.room_type]) if room.room_type in more else "") for room in rooms)


def _only_room(draft: Draft) -> Unit | None:
    return draft.segments[0].unit if len(draft.segments) == 1 else None


def _priced(reservation, request, segments):
    """The room type by which the stay is priced after the change."""
    if segments:
        return type_priced(reservation, segments)
    return request.room_type or (request.unit.room_type if request.unit else reservation.room_type)


def _price(reservation, stay, room_type):
    price = price_of_change(reservation, stay=stay, room_type=room_type)
    kept = {"kept": price.kept, "kept_difference": _in_words(price.kept.total, reservation.price)}
    if price.requoted is None or not price.has_to_be_asked:
        return kept
    requoted = total(price.requoted)
    return kept | {
        "requoted": tuple(grouped_by_rate(price.requoted)),
        "requoted_total": requoted,
        "requoted_difference": _in_words(requoted, reservation.price),
    }


def _in_words(new, old):
    """Such as +€88.00; "" for the same amount, and for amounts in two currencies."""
    return signed(difference(new, old)) if new.currency == old.currency and new != old else ""


def _limits(reservation, stay, room_type, party_size):
    party_size = party_size or reservation.party_size
    refusal = terms.refused(reservation, room_type, stay, party_size)
    if refusal is None:
        return {}
    larger = refusal.field in ("party_size", "unit") and reservation.property.is_hotel
    length = None if stay.nights == reservation.stay.nights else stay.nights
    asked = {"property": reservation.property, "stay": stay, "party_size": party_size}
    return {
        "outside": refusal.message,
        "needs_reason": refusal.needs_reason,
        "larger_rooms": tuple(availability.other_rooms(length=length, ignoring=reservation, **asked)) if larger else (),
    }


def _nights_beside(stay: Stay):
    """The stay with a night less and with a night more at its end, where that makes a stay."""
    found: dict[str, Stay | None] = {}
    for name, days in (("a_night_less", -1), ("a_night_more", 1)):
        try:
            found[name] = Stay(stay.arrival, stay.departure + dt.timedelta(days=days))
        except BadStay:
            found[name] = None
    return found
