"""Time zones by their IANA names, or by the city in the name."""

import functools
import zoneinfo

# First parts of the names that are offered. Others are not places, such as posixrules, EST and Etc/GMT+3.
_REGIONS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


@functools.cache
def names():
    """All IANA names of places in alphabetical order, then UTC."""
    zones = zoneinfo.available_timezones()
    return (*sorted(name for name in zones if name.partition("/")[0] in _REGIONS), "UTC")


def find(text):
    """The IANA name for a text such as "Europe/Lisbon" or "lisbon", in any case; None if no zone or several fit."""
    wanted = _plain(text)
    if wanted in _by_name():
        return _by_name()[wanted]
    cities = [name for name in names() if _plain(name.rpartition("/")[2]) == wanted]
    return cities[0] if len(cities) == 1 else None


@functools.cache
def _by_name():
    return {_plain(name): name for name in names()}


def _plain(text):
    return text.replace("_", " ").casefold()
