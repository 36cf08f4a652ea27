"""The HTML of the rows and bars of the tape chart.

It is made here and not by a template, which for thousands of bars would take most of the page's time.
"""

import functools
from html import escape  # faster than Django's, which tests whether a text is lazy

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_micro

from reservations.templatetags.desk import CHIPS

register = template.Library()

# The fewest half days of a bar that shows the whole name, and its state beside it.
ROOM_FOR_WORDS = 6
# For charts of so many days, whose columns may be narrow: the fewest half days of a bar that shows the surname there,
# and of one that shows the whole name. They are for columns of 35 and 16 px, and the style sheet decides whether the
# columns are narrow.
NARROW = {28: (3, 8), 56: (5, 15)}
# The most characters of a room's name on one line: on a phone, and else.
ONE_LINE_PHONE, ONE_LINE = 12, 16
# The most characters of the second line of a name, which is never cut.
SECOND_LINE = 14


@register.simple_tag(takes_context=True)
def bars(context, lane):
    """The bars of a lane, with the badges of their reservations from `badges` in the context."""
    columns, badges = context["chart"].columns, context["badges"]
    return SafeString("".join([_bar(bar, columns, badges.get(bar.reservation_id, ())) for bar in lane.bars]))


@register.simple_tag(takes_context=True)
def rows(context, rows):
    """The rows with their bars. With `is_swap` in the context htmx swaps each row for the one on the page."""
    columns, badges = context["chart"].columns, context["badges"]
    is_one_property, swap = context["chart"].position.property, ' hx-swap-oob="true"' if context.get("is_swap") else ""
    return SafeString("".join([_row(row, columns, badges, is_one_property, swap) for row in rows]))


def _row(row, columns, badges, is_one_property, swap):
    """One row. Its label names the property where rooms of several properties are shown."""
    room = row.room
    name, property_name = escape(room.name), escape(room.property_name)
    label = name if name == property_name or is_one_property else f"{name}, {property_name}"
    sleeps = f"{room.sleeps} guest{'s' if room.sleeps > 1 else ''}" if room.sleeps else ""
    title = f' title="{label}{sleeps and f", {sleeps}"}"' if len(room.name) > ONE_LINE_PHONE else ""
    drawn = "".join([_bar(bar, columns, badges.get(bar.reservation_id, ())) for bar in row.bars])
    return (
        f'<div class="tape-row" id="row-{room.id}" data-unit="{room.id}" data-property="{room.property_id}"'
        f' data-name="{name}" aria-label="{label}" role="group"{swap}>'
        f'<div class="tape-unit"{title}>{_two_lines(room.name)} <small>{sleeps}</small></div>'
        f'<div class="tape-track">{drawn}</div></div>\n'
    )


def _two_lines(name):
    """A room's name, in two parts if it is long: the first may be cut, the end, which tells rooms apart, is not."""
    if len(name) <= ONE_LINE_PHONE:
        return f'<span translate="no">{escape(name)}</span>'
    middle = max(len(name) // 2, len(name) - SECOND_LINE)
    spaces = [at for at, letter in enumerate(name) if letter == " " and at >= len(name) - SECOND_LINE - 1]
    cut = min(spaces, key=lambda at: abs(at - middle)) + 1 if spaces else middle
    css = "is-long" if len(name) > ONE_LINE else "is-long-for-phones"
    return (
        f'<span class="{css}" translate="no"><span>{escape(name[:cut])}</span><span>{escape(name[cut:])}</span></span>'
    )


@register.filter
def per_night(counts):
    """Counts separated by tabs, with zeros emphasised. An element for each would double the size of the page."""
    return SafeString("\t".join([str(count) if count > 0 else f"<b>{count}</b>" for count in counts]))


def _bar(bar, columns, badges):
    return _closure(bar, columns) if bar.closure_id else _stay(bar, columns, badges)


def _stay(bar, columns, badges):
    css = "is-problem" if bar.is_delayed else CHIPS[bar.status]
    guest, span = escape(bar.guest), columns.span(bar.arrival, bar.departure)
    state, marks, whole_stay = f"{bar.word} {bar.until}" if bar.until else bar.word, "", ""
    if bar.is_locked:
        state, marks = f"{state}, locked to its room", _icon("lock-closed")
    for badge in badges:
        state += f", {escape(badge.description)}"
        marks += f'<span class="bar-unread">{_icon(badge.icon)}{badge.count}</span>'
    if (bar.whole_arrival, bar.whole_departure) != (bar.arrival, bar.departure):
        whole = columns.iso(bar.whole_arrival), columns.iso(bar.whole_departure)
        whole_stay = f' data-whole-arrival="{whole[0]}" data-whole-departure="{whole[1]}"'
        if bar.arrival > bar.whole_arrival:
            css, state = f"{css} comes-from", f"{state}, comes from another room"
        if bar.departure < bar.whole_departure:
            css, state = f"{css} goes-on", f"{state}, goes on in another room"
    id = f"bar-{bar.id}" if bar.unit_id else f"bar-r{bar.id}"
    name, word, (start, end) = guest, "", _place(bar, columns)
    if end - start >= ROOM_FOR_WORDS:
        word = f"<small>{bar.word} {bar.until}</small>" if bar.until else f"<small>{bar.word}</small>"
    elif " " in guest:
        name = _surname(guest)
    css += _tight(columns, start, end)
    short = _short(bar, columns, end - start, name, bool(badges))
    return (
        f'<a class="bar {css}{_edges(bar, columns)}" id="{id}" href="{_prefix()}{bar.reference}/"'
        f' data-reference="{bar.reference}" data-status="{bar.status}" data-version="{bar.version}"'
        f' data-arrival="{columns.iso(bar.arrival)}" data-departure="{columns.iso(bar.departure)}"{whole_stay}'
        f' style="{_style(start, end, bar.level)}" aria-label="{guest}, {state}, {span}">'
        f'<span translate="no"{short}>{marks}{name}</span> {word}</a>'
    )


def _tight(columns, start, end):
    """The class of a bar with room for initials at most where columns are narrow."""
    return " is-tight" if end - start < NARROW.get(columns.count, (0, 0))[0] else ""


def _short(bar, columns, half_days, name, has_badge):
    """An attribute with what the bar shows where columns are narrow, "" if that is the same.

    It is the surname, or initials, or nothing for a single night with a badge, which has no room for more.
    """
    fewest_for_surname, fewest_for_name = NARROW.get(columns.count, (0, 0))
    if half_days >= fewest_for_name:
        return ""
    if half_days >= fewest_for_surname:
        surname = _surname(escape(bar.guest))
        return f' data-short="{surname}"' if surname != name else ""
    words = bar.guest.split() or [""]
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else bar.guest[:1]
    if half_days <= 2 and columns.count == max(NARROW):
        letters = "" if has_badge or half_days < 2 else words[-1][:1]
    return f' data-short="{escape(letters)}"'


def _surname(guest):
    return guest.rpartition(" ")[2]


def _closure(bar, columns):
    note = escape(bar.note)
    reason = f"{bar.word}: {note}" if note else bar.word
    start, end = _place(bar, columns)
    tight = _tight(columns, start, end)
    short = ' data-short=""' if tight else ""
    return (
        f'<a class="bar is-closed{tight}{_edges(bar, columns)}" id="bar-{bar.id}" href="/closures/{bar.closure_id}/"'
        f' data-closure="{bar.closure_id}" data-arrival="{columns.iso(bar.arrival)}"'
        f' data-departure="{columns.iso(bar.departure)}" style="{_style(start, end, bar.level)}"'
        f' aria-label="{reason}, closed {columns.closed(bar.arrival, bar.departure)}">'
        f'<span translate="no"{short}>{reason}</span></a>'
    )


def _place(bar, columns):
    """(start, end) of the bar in half days from the beginning of the first column, cut at the edges of the page."""
    return max(0, 2 * bar.arrival + 1), min(2 * columns.count, 2 * bar.departure + 1)


def _style(start, end, level):
    return f"--from: {start}; --to: {end}; --level: {level}" if level else f"--from: {start}; --to: {end}"


def _edges(bar, columns):
    cut = (" from-before" if bar.arrival < 0 else "") + (" until-after" if bar.departure >= columns.count else "")
    return cut if bar.passes_filter else f"{cut} is-faint"


@functools.cache
def _prefix():
    return reverse("reservations:detail", args=["RT"]).removesuffix("RT/")


@functools.cache
def _icon(name):
    return heroicon_micro(name, aria_hidden="true")
