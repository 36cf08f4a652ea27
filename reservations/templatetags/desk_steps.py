"""The buttons for the steps of a reservation."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from accounts.access import Action
from reservations.booking import lifecycle

register = template.Library()

# {step: (name of its URL, label of its button)}
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
# Steps whose button is a link to a form.
ASKING = {"cancel", "extend_hold"}
# Steps that end a stay. Their buttons come last, so that they are not pressed by mistake.
ENDING = {"cancel", "mark_no_show"}


@dataclass(frozen=True)
class Button:
    label: str
    address: str
    asks: bool  # whether it leads to a form
    is_ending: bool


@register.filter
def steps(reservation, user):
    """Buttons for the steps that the reservation's state and day allow, and that `user` may take."""
    if not user.access.may(Action.CHANGE, reservation):
        return []
    return [_button(reservation, name) for name in sorted(lifecycle.steps_today(reservation), key=ENDING.__contains__)]


def _button(reservation, name):
    view, label = BUTTONS[name]
    address = reverse(f"reservations:{view}", args=[reservation.reference])
    asks = name in ASKING or (name == "check_out" and reservation.leaves_on_first_day)
    return Button(label, address, asks=asks, is_ending=name in ENDING)
