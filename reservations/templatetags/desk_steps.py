"""The steps of a reservation's life as the desk presses them."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from reservations.booking import lifecycle

register = template.Library()

# Of each step its address' name and the word on the button; those that ask something first are links to a form.
BUTTONS = {
    "confirm": ("confirm", "Confirm"),
    "extend_hold": ("extend_hold", "Hold longer"),
    "check_in": ("check_in", "Check in"),
    "check_out": ("check_out", "Check out"),
    "free_nights": ("free_nights", "Free tonight"),
    "cancel": ("cancel", "Cancel"),
    "mark_no_show": ("no_show", "No-show"),
    "reinstate": ("reinstate", "Reinstate"),
}
ASKING = {"cancel", "extend_hold"}
# Steps that end a stay stand last, where nobody presses them in passing.
ENDING = {"cancel", "mark_no_show"}


@dataclass(frozen=True)
class Button:
    label: str
    address: str
    asks: bool
    is_ending: bool


@register.filter
def steps(reservation):
    """Buttons for the steps that the reservation's state and day allow."""
    return [_button(reservation, name) for name in sorted(lifecycle.steps_today(reservation), key=ENDING.__contains__)]


def _button(reservation, name):
    view, label = BUTTONS[name]
    address = reverse(f"reservations:{view}", args=[reservation.reference])
    asks = name in ASKING or (name == "check_out" and reservation.leaves_on_first_day)
    return Button(label, address, asks=asks, is_ending=name in ENDING)
