"""The demo's houses and people. Invented; any likeness is chance."""

import datetime as dt
from decimal import Decimal

HOTELS = [
    {
        "name": "Harbour Hotel",
        "description": "Three floors above the old ferry quay. Breakfast from 7, the night door locks at 23.",
        "location": "Lisbon, Cais do Sodré",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("118.00"),
        "rooms": "101-106, 201-206, 301-304",
    },
    {
        "name": "Station House",
        "description": "Eight rooms over the café, two minutes from the platforms.",
        "location": "Edinburgh, Market Street",
        "time_zone": "Europe/London",
        "currency": "GBP",
        "nightly_rate": Decimal("92.00"),
        "rooms": "1-8",
        "check_in_time": dt.time(14),
    },
]
APARTMENTS = [
    {
        "name": "Garden Flat",
        "description": "Ground floor with a garden, sleeps four. The boiler is behind the kitchen door.",
        "location": "Lisbon, Graça",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("140.00"),
    },
    {
        "name": "Old Mill Loft",
        "description": "Two floors in the old mill, sleeps five. Second key at the bakery.",
        "location": "Porto, Ribeira",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("165.00"),
    },
    {
        "name": "Quay 7",
        "description": "Studio on the water, sleeps two.",
        "location": "Lisbon, Cais do Sodré",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("96.00"),
    },
    {
        "name": "Lantern Rooms",
        "description": "Top floor without a lift, sleeps three.",
        "location": "Edinburgh, Leith",
        "time_zone": "Europe/London",
        "currency": "GBP",
        "nightly_rate": Decimal("110.00"),
    },
]
STAFF = [("lena", "Lena", "Moreau"), ("tom", "Tom", "Byrne"), ("ines", "Inês", "Duarte")]
FIRST_NAMES = (
    "Amara Björn Chloé Daniel Elif Farid Grace Hana Ivan Joana Kofi Lucía Marta Noah Olga Pedro Rosa Sami Tess Yusuf"
)
LAST_NAMES = (
    "Okafor Lindqvist Moreau Tanaka Haddad Novák Silva Byrne Castillo Wójcik Ito Mbeki Rossi Khan Jensen Adeyemi "
    "O'Brien Müller Díaz Petrov Nakamura Ferreira Hughes Larsen Costa"
)
CANCELLATIONS = ["The flight was cancelled.", "Found something nearer to the fair.", "Booked twice by mistake."]
