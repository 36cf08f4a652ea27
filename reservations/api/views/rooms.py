"""Where a stay sleeps: moved, split, joined, swapped, taken away, promised."""

from reservations import booking
from reservations.api.serializers.changing import (
    JoinSerializer,
    MoveSerializer,
    SplitSerializer,
    SwapSerializer,
    UnassignSerializer,
)
from reservations.api.serializers.reservations import ReservationAndOthersSerializer
from reservations.api.views.acts import act


def swap_rooms(*, reservation, **wanted):
    return booking.swap(first=reservation, **wanted)


def promise_room(**wanted):
    return booking.set_lock(is_locked=True, **wanted)


def take_promise_back(**wanted):
    return booking.set_lock(is_locked=False, **wanted)


move = act(
    booking.move,
    MoveSerializer,
    operation_id="move_reservation",
    summary="To another unit, to other dates, or both",
    description="Of a party that is in the house only the nights from today on go to another unit. Of a stay in "
    "several rooms say which segment moves; its neighbours give or take the nights between.",
    example={"unit": 2},
)
split = act(
    booking.split,
    SplitSerializer,
    operation_id="split_reservation",
    summary="Change rooms during the stay",
    description="From one night on it sleeps in another unit.",
    example={"night": "2027-05-05", "unit": 2},
)
join = act(
    booking.join,
    JoinSerializer,
    operation_id="join_reservation",
    summary="All nights in one room again",
    description="Of a party that is in the house those from today on.",
    example={"unit": 2},
)
swap = act(
    swap_rooms,
    SwapSerializer,
    answers=ReservationAndOthersSerializer,
    operation_id="swap_reservations",
    summary="Two stays exchange rooms",
    description="Dates and prices stay as they are.",
    example={"other": "RT-9ZW4M"},
)
unassign = act(
    booking.unassign,
    UnassignSerializer,
    operation_id="unassign_reservation",
    summary="Take the room away",
    description="Of a manager. The stay keeps its dates, gives its nights back and waits without a room.",
    example={"reason": "The room is needed for somebody in a wheelchair."},
)
lock = act(
    promise_room,
    operation_id="lock_reservation",
    summary="Promise the room to the guest",
    description="From then on nobody is offered to move it to make room for others.",
    leaves={"is_locked": True},
)
unlock = act(
    take_promise_back, operation_id="unlock_reservation", summary="Take the promise back", description="See lock."
)
