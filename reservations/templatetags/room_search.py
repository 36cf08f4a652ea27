"""Addresses for the results of Find a room."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def booking_address(offer, party_size, unit=None):
    """The address of the booking form, filled in with the offer: in `unit`, or else in any room of its type."""
    if offer.must_name_room and not unit:
        unit = offer.rooms[0]
    fields = {
        "property": offer.property.pk,
        "room_type": offer.room_type and offer.room_type.pk,
        "unit": unit and unit.pk,
        "arrival": offer.stay.arrival.isoformat(),
        "departure": offer.stay.departure.isoformat(),
        "party_size": party_size,
    }
    return f"{reverse('reservations:new')}?{urlencode({name: value for name, value in fields.items() if value})}"
