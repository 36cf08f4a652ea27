"""Changes of a stay's rooms: moving, splitting, joining, swapping, unassigning and locking."""

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


def lock_room(**wanted):
    return booking.set_lock(is_locked=True, **wanted)


def unlock_room(**wanted):
    return booking.set_lock(is_locked=False, **wanted)


move = act(
    booking.move,
    MoveSerializer,
    operation_id="move_reservation",
    summary="Move to another unit or other dates",
    description="If the party is checked in, only the nights from today on move to another unit. For a stay in "
    "several rooms name the segment that moves; the segments before and after it become longer or shorter to "
    "match.",
    example={"unit": 2},
)
split = act(
    booking.split,
    SplitSerializer,
    operation_id="split_reservation",
    summary="Split a stay over two units",
    description="From `night` on the stay is in another unit.",
    example={"night": "2027-05-05", "unit": 2},
)
join = act(
    booking.join,
    JoinSerializer,
    operation_id="join_reservation",
    summary="Join a split stay in one unit",
    description="If the party is checked in, only the nights from today on move to the unit.",
    example={"unit": 2},
)
swap = act(
    swap_rooms,
    SwapSerializer,
    response_serializer=ReservationAndOthersSerializer,
    operation_id="swap_reservations",
    summary="Swap the rooms of two stays",
    description="The dates and prices of both stays stay as they are.",
    example={"other": "RT-9ZW4M"},
)
unassign = act(
    booking.unassign,
    UnassignSerializer,
    operation_id="unassign_reservation",
    summary="Take the room from a reservation",
    description="For managers only. The reservation keeps its dates and has no room; its nights are free.",
    example={"reason": "The room is needed for somebody in a wheelchair."},
)
lock = act(
    lock_room,
    operation_id="lock_reservation",
    summary="Lock the room",
    description="No plan that makes room for others moves this stay.",
    example_changes={"is_locked": True},
)
unlock = act(
    unlock_room,
    operation_id="unlock_reservation",
    summary="Unlock the room",
    description="The stay may be moved again to make room for others.",
)
