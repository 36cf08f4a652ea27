"""Time zones as people write them: an IANA name, or just its city."""

import functools
import zoneinfo

# Leaves out the database's own entries and names without a place, such as posixrules, EST and Etc/GMT+3.
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
    """All IANA names of places, and UTC; in order."""
    zones = zoneinfo.available_timezones()
    return (*sorted(name for name in zones if name.partition("/")[0] in _REGIONS), "UTC")


def find(text):
    """The IANA name that `text` means, whatever its case: "Europe/Lisbon" or "lisbon". None for none or several."""
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
