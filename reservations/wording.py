"""Words for staff, the same in pages and in messages: dates, stays, why a room is taken, what was moved."""

import functools

from django.utils.dateformat import format as date_format

from properties.wording import nights

# Words for a closed room, by the kind of the closure.
CLOSED = {
    "out_of_order": "out of order",
    "maintenance": "under maintenance",
    "cleaning": "closed for deep cleaning",
    "own_use": "kept for own use",
    "calendar": "blocked by an external calendar",
}


def day(date):
    """Such as Tue 24 Nov 2026."""
    return date_format(date, "D j M Y")


def short_day(date):
    """Such as Tue 24 Nov."""
    return date_format(date, "D j M")


def weekday(date):
    """Such as Tue."""
    return date_format(date, "D")


def span(stay):
    """Such as 24–28 Nov 2026, 28 Nov – 2 Dec 2026, or 30 Dec 2026 – 2 Jan 2027."""
    arrival, departure = stay.arrival, stay.departure
    if arrival.year != departure.year:
        return f"{date_format(arrival, 'j M Y')} – {date_format(departure, 'j M Y')}"
    return f"{short_span(stay)} {departure.year}"


def short_span(stay):
    """Such as 24–28 Nov or 28 Nov – 2 Dec, where the context makes the year plain."""
    arrival, departure = stay.arrival, stay.departure
    if (arrival.year, arrival.month) == (departure.year, departure.month):
        return f"{arrival.day}–{_shortest_day(departure)}"
    return f"{_shortest_day(arrival)} – {_shortest_day(departure)}"


@functools.lru_cache(1000)  # the tape chart formats thousands of dates in the same few weeks
def _shortest_day(date):
    """Such as 24 Nov."""
    return date_format(date, "j M")


def sleeps_where(reservation):
    """Such as "room 104, 3–6 May 2027", "Garden Flat, 3–6 May 2027", or "room 101, from Wed 5 May room 104, 3–6 May
    2027"."""
    segments = reservation.segments
    if not segments or not reservation.property.is_hotel:
        return f"{'no room' if not segments else reservation.property}, {span(reservation.stay)}"
    return f"{in_rooms(segments)}, {span(reservation.stay)}"


def in_rooms(segments):
    """Such as "room 101, from Wed 5 May room 104"."""
    later = (f"from {short_day(segment.stay.arrival)} room {segment.unit}" for segment in segments[1:])
    return ", ".join([f"room {segments[0].unit}", *later])


def changed(reservation):
    """The message after `booking.change`: where the party sleeps now, and the price if that is another one."""
    fields = reservation.new_event.data
    if fields.keys() & {"arrival", "departure", "segments"}:
        words = moved(reservation)
    else:
        words = f"{reservation.reference} is changed."
    return f"{words}{price_if_new(reservation)}"


def price_if_new(reservation):
    """Such as " The price is €572.00.", for the end of a message after an act that changed the price; else ""."""
    event = reservation.new_event
    return f" The price is {reservation.price}." if event and "nightly_rates" in event.data else ""


def moved(reservation):
    """The message after a move."""
    words = f"{reservation.guest}: {sleeps_where(reservation)}."
    if reservation.is_there and len(reservation.segments) > 1:
        words += " The nights already slept stay where they were."
    return words + (" The room had been locked." if reservation.is_locked else "")


def swapped(first, second):
    """The message after two stays have exchanged rooms."""
    return f"Swapped: {first.guest} has room {first.rooms}, {second.guest} room {second.rooms}."


def taken_back(event, undone, *, has_note=False):
    """The message after the act of `event` was undone. `undone` are the reservations and closures that it changed.

    `has_note` says that a note for the next shift was left in the act; it is not taken back.
    """
    first = undone[0]
    what = f"{first.new_event.in_words}." if first.new_event else "Taken back."
    if event.is_taken_back:
        return f"Done again: {event.what_was_taken_back}."
    stays = [each for each in undone if hasattr(each, "reference")]
    if len(stays) < len(undone):  # a closure, perhaps with the stays that were moved because of it
        note = " The note for the next shift stays; delete it on the property’s page." if has_note else ""
        return f"{what} All is as it was before.{note}"
    who = (
        f"{first.guest}’s stay is"
        if len(stays) == 1
        else f"{'Both' if len(stays) == 2 else f'All {len(stays)}'} stays are"
    )
    return f"{what} {who} {'cancelled' if all(each.status == 'cancelled' for each in stays) else 'as before'}."


def moment(local):
    """Such as 20 Nov 2026, 09:14. `local` is already in the property's zone."""
    return date_format(local, "j M Y, H:i")


def short_moment(local):
    """Such as 20 Nov, 09:14. `local` is already in the property's zone."""
    return date_format(local, "j M, H:i")


def taken_in_words(answer):
    """Such as "Garden Flat is not free: Amara Okafor is there until Tue 24 Nov. The next 4 nights in a row are free
    from Tue 24 Nov."
    """
    return f"{why_taken(answer)} {when_next(answer)}".strip()


def why_taken(answer):
    """The first half of `taken_in_words`: who has the nights, and until when."""
    if not answer.in_the_way:
        return _no_room(answer)
    room = f"Room {answer.in_the_way[0].unit}" if answer.property.is_hotel else f"{answer.property}"
    stays = [taken for taken in answer.in_the_way if taken.reservation]
    closures = [taken for taken in answer.in_the_way if taken.closure]
    if not stays:
        return f"{room} is {_closed(closures)}."
    closed = f", and it is {_closed(closures)}" if closures else ""
    return f"{room} is not free: {_who_is_there(stays, answer.property.today())}{closed}."


def _who_is_there(stays, today):
    """Such as "Amara Okafor is there until Tue 24 Nov"; other words when the guest has been checked out."""
    first, until = stays[0].reservation, short_day(stays[-1].nights.upper)
    if others := len({stay.reservation_id for stay in stays}) - 1:
        return f"{first.guest} and {others} more are there until {until}"
    if first.status != "checked_out":
        return f"{first.guest} is there until {until}"
    if stays[-1].nights.upper <= today:
        return f"{first.guest} was there until {until}"
    return f"{first.guest} has checked out; it is kept for them until {until}, unless you free tonight on their page"


def not_left(segment):
    """Such as "Anna Over has not left room 101 yet", without a full stop. `segment` is that of the guest's stay."""
    return f"{segment.reservation.guest} has not left {place(segment.unit, segment.reservation.property)} yet"


def still_there(segment):
    """Why another party cannot enter the segment's room: who is in it now, and what staff can do."""
    guest, property = segment.reservation.guest, segment.reservation.property
    room = place(segment.unit, property)
    if segment.stay.departure > property.today():
        return f"{guest} is in {room}, {short_span(segment.stay)}. Give this party another room."
    return (
        f"{guest} has not been checked out of {room} yet ({short_span(segment.stay)}). "
        "If they have left, check them out; if not, give this party another room."
    )


def place(unit, property):
    """Such as "room 101" or "Garden Flat". `property` is that of the unit."""
    return f"room {unit}" if property.is_hotel else str(property)


def when_next(answer):
    """The second half of `taken_in_words`: when the same number of nights is free next; "" if never."""
    if not answer.next_free:
        return ""
    start = short_day(answer.next_free[0].arrival)
    if answer.stay.nights == 1:
        return f"The next free night is {start}."
    return f"The next {nights(answer.stay.nights)} in a row are free from {start}."


def _no_room(answer):
    room = answer.room_type or "room"
    if answer.too_many:
        return f"No {room} of {answer.property} sleeps {answer.too_many}."
    if answer.wrong_length:
        return f"No {room} of {answer.property} takes stays of {nights(answer.wrong_length)}."
    if not answer.has_rooms:
        return f"{answer.property} has no {room} that takes bookings."
    return f"No {room} of {answer.property} is free for all {nights(answer.stay.nights)}, {span(answer.stay)}."


def _closed(closures):
    """Such as "out of order until Tue 24 Nov"."""
    return f"{CLOSED[closures[-1].closure.kind]} {closed_until(closures[-1].closure)}"


def closed_until(closure):
    """Such as "until Tue 24 Nov" or "until further notice"."""
    return "until further notice" if closure.is_until_further_notice else f"until {short_day(closure.stay.departure)}"


def closed_when(closure):
    """Such as "24–28 Nov 2026" or "from 24 Nov 2026 until further notice"."""
    if closure.is_until_further_notice:
        return f"from {date_format(closure.stay.arrival, 'j M Y')} until further notice"
    return span(closure.stay)


def closed_span(stay):
    """Such as "24–28 Nov" or "from 24 Nov until further notice", of a closure, where the year is plain."""
    if stay.is_until_further_notice:
        return f"from {_shortest_day(stay.arrival)} until further notice"
    return short_span(stay)


def closed(*closures, moved=0, without_room=0):
    """The message after a room was closed, `moved` stays got another one and `without_room` stays have none now.

    There are several `closures` where it was closed between them already.
    """
    room = place(closures[0].unit, closures[0].property)
    words = [f"{room[0].upper()}{room[1:]} is closed {' and '.join(map(closed_when, closures))}."]
    if moved:
        words.append(f"{moved} stay{'s have' if moved > 1 else ' has'} been moved.")
    if without_room:
        words.append(f"{without_room} stay{'s are' if without_room > 1 else ' is'} without a room now.")
    return " ".join(words)


def closed_in_words(closure):
    """Such as "out of order, 24–28 Nov 2026"."""
    return f"{CLOSED[closure.kind]}, {closed_when(closure)}"
