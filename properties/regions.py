"""Which country a property stands in, as its time zone says: national telephone numbers are read by it."""

from babel.core import get_global


def region_of(time_zone):
    """ISO 3166, such as DE for Europe/Berlin; "" for a zone of no country, such as UTC."""
    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    region = territories.get(time_zone) or territories.get(aliases.get(time_zone, ""), "")
    return region if region.isalpha() else ""
