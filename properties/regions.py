"""The country of a property, derived from its time zone. Telephone numbers without a country code are read by it."""

from babel.core import get_global


def region_of(time_zone):
    """The ISO 3166 code, such as DE for Europe/Berlin; "" for a zone without a country, such as UTC."""
    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    region = territories.get(time_zone) or territories.get(aliases.get(time_zone, ""), "")
    return region if region.isalpha() else ""
