"""The steps of a reservation's life as the desk presses them."""

from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse

from reservations import lifecycle

register = template.Library()

# Of each step its address' name and the word on the button; those that ask something first are links to a form.
BUTTONS = {
    "confirm": ("confirm", "Confirm"),
    "extend_hold": ("extend_hold", "Hold longer"),
    "check_in": ("check_in", "Check in"),
    "check_out": ("check_out", "Check out"),
    "cancel": ("cancel", "Cancel"),
    "mark_no_show": ("no_show", "No-show"),
    "reinstate": ("reinstate", "Reinstate"),
}
ASKING = {"cancel", "extend_hold"}


@dataclass(frozen=True)
class Button:
    label: str
    address: str
    asks: bool


@register.filter
def steps(reservation):
    """Those that its state allows."""
    names = [name for name in lifecycle.steps_from(reservation) if _is_there(BUTTONS[name][0])]
    return [
        Button(
            BUTTONS[name][1], reverse(f"reservations:{BUTTONS[name][0]}", args=[reservation.reference]), name in ASKING
        )
        for name in names
    ]


def _is_there(name):
    try:
        return reverse(f"reservations:{name}", args=["RT"])
    except NoReverseMatch:
        return None
