"""Template filters for dates, stays and states, mostly from `wording`."""

from django import template

from reservations import wording
from reservations.models import Reservation, Status

register = template.Library()

register.filter("day", wording.day)
register.filter("short_day", wording.short_day)
register.filter("span", wording.span)
register.filter("closed_in_words", wording.closed_in_words)
register.filter("closed_span", wording.closed_span)
register.filter("closed_until", wording.closed_until)
register.filter("closed_when", wording.closed_when)
register.filter("short_span", wording.short_span)
register.filter("nights", wording.nights)
register.filter("why_taken", wording.why_taken)
register.filter("not_left", wording.not_left)
register.filter("when_next", wording.when_next)

CHIPS = {
    Status.HELD: "is-held",
    Status.CONFIRMED: "is-confirmed",
    Status.IN_HOUSE: "is-inhouse",
    Status.CHECKED_OUT: "is-past",
    Status.CANCELLED: "is-past",
    Status.EXPIRED: "is-past",
    Status.NO_SHOW: "is-problem",
}


@register.filter
def chip_class(status):
    """The CSS class for the colour of a state."""
    return CHIPS.get(status, "is-past")


@register.filter
def local_time(instant, property):
    """An instant in the property's time zone, such as 20 Nov 2026, 09:14."""
    return wording.moment(instant.astimezone(property.zone))


@register.filter
def soon(instant, property):
    """The same without the year, such as 20 Nov, 09:14."""
    return wording.short_moment(instant.astimezone(property.zone))


@register.filter
def told_apart(guest):
    """What distinguishes guests of one name, such as +351 912 345 678 · latest stay from Mon 3 May 2027."""
    latest = guest.last_arrival and f"latest stay from {wording.day(guest.last_arrival)}"
    return " · ".join(filter(None, [guest.phone or guest.email, latest]))


@register.filter
def split_words(text):
    return text.split()


@register.inclusion_tag("reservations/groups/panel.html")
def group_panel(reservation):
    """The panel with all reservations of the reservation's group, if it has one. Three queries in that case."""
    group = reservation.group
    stays = list(Reservation.objects.with_unit().filter(group=group).order_by("pk")) if group else []
    return {"reservation": reservation, "group": group, "stays": stays}
