"""Dates and stays as the desk reads them, in pages and in messages alike."""

from django.utils.dateformat import format as date_format


def day(date):
    """Tue 24 Nov 2026"""
    return date_format(date, "D j M Y")


def short_day(date):
    """Tue 24 Nov"""
    return date_format(date, "D j M")


def span(stay):
    """24–28 Nov 2026, 28 Nov – 2 Dec 2026, 30 Dec 2026 – 2 Jan 2027"""
    arrival, departure = stay.arrival, stay.departure
    if arrival.year != departure.year:
        return f"{date_format(arrival, 'j M Y')} – {date_format(departure, 'j M Y')}"
    return f"{short_span(stay)} {departure.year}"


def short_span(stay):
    """24–28 Nov, 28 Nov – 2 Dec: where the year is plain from what stands around it"""
    arrival, departure = stay.arrival, stay.departure
    if (arrival.year, arrival.month) == (departure.year, departure.month):
        return f"{arrival.day}–{date_format(departure, 'j M')}"
    return f"{date_format(arrival, 'j M')} – {date_format(departure, 'j M')}"


def nights(count):
    return "1 night" if count == 1 else f"{count} nights"


def moment(local):
    """20 Nov 2026, 09:14, of an instant already in the property's zone"""
    return date_format(local, "j M Y, H:i")
