"""The steps of a reservation, such as check-in."""

from reservations.api.serializers.changing import (
    CancelSerializer,
    CheckOutSerializer,
    ExtendHoldSerializer,
    OverruleSerializer,
)
from reservations.api.views.acts import act
from reservations.booking import lifecycle

confirm = act(
    lifecycle.confirm,
    operation_id="confirm_reservation",
    summary="Confirm a hold",
    description="A hold that has lapsed can be confirmed while its nights are free.",
)
check_in = act(
    lifecycle.check_in,
    operation_id="check_in_reservation",
    summary="Check in",
    description="The answer has the code `not_yet` before the day of arrival, if the stay has no room, or while "
    "another party is still in the room.",
    example_changes={"status": "in_house", "steps": ["check-out"]},
)
check_out = act(
    lifecycle.check_out,
    CheckOutSerializer,
    operation_id="check_out_reservation",
    summary="Check out",
    description="The nights from today on are given back, and their price is dropped. The first night always keeps "
    "its price; its room is kept for the party unless `free_tonight` is true.",
    example={"free_tonight": True},
)
free_nights = act(
    lifecycle.free_nights,
    operation_id="free_nights",
    summary="Free the nights that are kept for a departed party",
    description="Frees the nights from tonight on that are still kept for a party which has been checked out. The "
    "price stays as agreed.",
    example_changes={"status": "checked_out", "steps": [], "is_open": False, "segments": []},
)
cancel = act(
    lifecycle.cancel,
    CancelSerializer,
    operation_id="cancel_reservation",
    summary="Cancel a reservation",
    description="Its nights are free at once. The reason is recorded in the history.",
    example={"why": "illness", "reason": "flew home"},
)
mark_no_show = act(
    lifecycle.mark_no_show,
    operation_id="mark_no_show",
    summary="Mark as a no-show",
    description="Its nights are given back. Before the day of arrival the answer has the code `not_yet`.",
    example_changes={"status": "no_show", "steps": ["reinstate"], "is_open": False, "segments": []},
)
reinstate = act(
    lifecycle.reinstate,
    operation_id="reinstate_reservation",
    summary="Reinstate a cancelled reservation or a no-show",
    description="The reservation is confirmed again, in its former room if that is free, else in the best one that is "
    "free.",
)
extend_hold = act(
    lifecycle.extend_hold,
    ExtendHoldSerializer,
    operation_id="extend_hold",
    summary="Extend a hold",
    description="A hold that has lapsed can be extended while its nights are free.",
    example={"until": "2027-04-01T18:00:00Z"},
)
overrule = act(
    lifecycle.overrule,
    OverruleSerializer,
    operation_id="overrule_reservation",
    summary="Overrule the state of a reservation",
    description="For managers only. If the state takes nights that are no longer free, the reservation has no room.",
    example={"status": "checked_out", "reason": "Left on Sunday; the desk was closed."},
)
