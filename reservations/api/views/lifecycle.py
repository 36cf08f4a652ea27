"""The steps in a reservation's life."""

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
    summary="Make a hold a booking",
    description="Also one that has lapsed, as long as its nights are free.",
)
check_in = act(
    lifecycle.check_in,
    operation_id="check_in_reservation",
    summary="The party is there",
    description="Refused as not_yet before the day of arrival, without a room, or while others are still in that room.",
    leaves={"status": "in_house", "steps": ["check-out"]},
)
check_out = act(
    lifecycle.check_out,
    CheckOutSerializer,
    operation_id="check_out_reservation",
    summary="The party has left",
    description="Nights still to come are given back, with their price; the first one is always agreed. Say "
    "free_tonight to sell the room again of a party that leaves before its first night is over.",
    example={"free_tonight": True},
)
free_nights = act(
    lifecycle.free_nights,
    operation_id="free_nights",
    summary="Sell again what is kept for who has left",
    description="The nights from tonight on of a party that has been checked out. What was agreed stays agreed.",
    leaves={"status": "checked_out", "steps": [], "is_open": False, "segments": []},
)
cancel = act(
    lifecycle.cancel,
    CancelSerializer,
    operation_id="cancel_reservation",
    summary="Give the nights back",
    description="They are free at once. What is said here stands in the history.",
    example={"why": "illness", "reason": "flew home"},
)
mark_no_show = act(
    lifecycle.mark_no_show,
    operation_id="mark_no_show",
    summary="Nobody came",
    description="The nights are given back. Refused as not_yet before the day of arrival.",
    leaves={"status": "no_show", "steps": ["reinstate"], "is_open": False, "segments": []},
)
reinstate = act(
    lifecycle.reinstate,
    operation_id="reinstate_reservation",
    summary="Take a cancelled or no-show stay back",
    description="Confirmed, in its old room if that is free, else in the free one that fits best.",
)
extend_hold = act(
    lifecycle.extend_hold,
    ExtendHoldSerializer,
    operation_id="extend_hold",
    summary="Hold it longer",
    description="Also after it has lapsed, as long as its nights are free.",
    example={"until": "2027-04-01T18:00:00Z"},
)
overrule = act(
    lifecycle.overrule,
    OverruleSerializer,
    operation_id="overrule_reservation",
    summary="Set any state",
    description="Of a manager. If it takes nights that are gone, the stay waits without a room.",
    example={"status": "checked_out", "reason": "Left on Sunday; the desk was closed."},
)
