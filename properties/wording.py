"""Words for staff: seasons and weekdays of rates, limits of stays, a change of currency."""

import itertools

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def season(line):
    """Such as "1 Jun 2027 – 31 Aug 2027", "24 Dec 2027", "from 1 Jun 2027", "until 31 Aug 2027" or "all year"."""
    if line.first_night and line.first_night == line.last_night:
        return _day(line.first_night)
    if line.first_night and line.last_night:
        return f"{_day(line.first_night)} – {_day(line.last_night)}"
    if line.first_night:
        return f"from {_day(line.first_night)}"
    return f"until {_day(line.last_night)}" if line.last_night else "all year"


def weekdays(line):
    """Such as "Mon–Fri, Sun"; "every night" for none or all of them."""
    days = sorted(set(line.weekdays))
    if len(days) in (0, 7):
        return "every night"
    return ", ".join(_run(days) for days in _runs(days))


def stays(limits):
    """The limits of a property or a room type, such as "2 to 21 nights"; "" without limits."""
    least, most = limits.min_nights, limits.max_nights
    if least and most:
        return f"{least} to {nights(most)}" if least < most else nights(least)
    if most:
        return f"up to {nights(most)}"
    return f"{nights(least)} or more" if least and least > 1 else ""


def new_currency(property, old):
    """The message after a change of currency, which does not convert any price. `old` is the former currency."""
    words = (
        f"{property} charges in {property.currency} from now on. Stays that are booked keep what was agreed in {old}."
    )
    if property.room_types.exists() or property.rates.exists():
        words += f" Its room types and its rate table have the same numbers, now in {property.currency}: check each."
    return words


def jump(jump, property):
    """Such as "Suite costs €180.00 on Sat 5 Dec 2026 and would cost €120.00."."""
    what = jump.room_type or ("A room without a type" if property.is_hotel else property)
    return f"{what} costs {jump.before} on {jump.date:%a} {_day(jump.date)} and would cost {jump.after}."


def _runs(days):
    """Lists of consecutive days: in each, the difference of a day and its position in `days` is the same."""
    for _, run in itertools.groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        yield [day for _, day in run]


def _run(days):
    names = [DAYS[day - 1] for day in days]
    return f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)


def nights(count):
    return "1 night" if count == 1 else f"{count} nights"


def _day(date):
    return f"{date.day} {date:%b} {date.year}"
