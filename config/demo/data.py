"""Properties and people of the demo data, all invented.

A hotel's rooms are listed by room type and floor. A line of the rate table has a room type, or none for all of them;
a `season` is a key of SEASONS, and stands for the next such season that ends.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

# First and last night, as (month, day); the season begins in one year and ends in the next.
SEASONS = {"christmas": ((12, 20), (1, 2))}
HOTELS: list[dict[str, Any]] = [
    {
        "name": "Harbour Hotel",
        "description": "Three floors above the old ferry quay. Breakfast from 7, the night door locks at 23.",
        "location": "Lisbon, Cais do Sodré",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("118.00"),
        "room_types": [
            {
                "name": "Double",
                "sleeps": 2,
                "nightly_rate": Decimal("118.00"),
                "rooms": {"1": "101-106", "2": "201-206"},
            },
            {
                "name": "Family",
                "sleeps": 4,
                "nightly_rate": Decimal("176.00"),
                "rooms": {"3": "301-304"},
            },
        ],
        "rates": [
            {"name": "Weekend", "room_type": "Double", "weekdays": [5, 6], "nightly_rate": Decimal("134.00")},
            {"name": "Weekend", "room_type": "Family", "weekdays": [5, 6], "nightly_rate": Decimal("198.00")},
            {"name": "Christmas", "room_type": "Double", "season": "christmas", "nightly_rate": Decimal("152.00")},
            {"name": "Christmas", "room_type": "Family", "season": "christmas", "nightly_rate": Decimal("224.00")},
        ],
    },
    {
        "name": "Station House",
        "description": "Eight rooms over the café, two minutes from the platforms.",
        "location": "Edinburgh, Market Street",
        "time_zone": "Europe/London",
        "currency": "GBP",
        "nightly_rate": Decimal("92.00"),
        "room_types": [
            {"name": "Single", "sleeps": 1, "nightly_rate": Decimal("68.00"), "rooms": {"1": "1-3"}},
            {"name": "Double", "sleeps": 2, "nightly_rate": Decimal("92.00"), "rooms": {"1": "4", "2": "5-8"}},
        ],
        "rates": [{"name": "Weekend", "room_type": "Double", "weekdays": [5, 6], "nightly_rate": Decimal("104.00")}],
        "check_in_time": dt.time(14),
    },
]
APARTMENTS: list[dict[str, Any]] = [
    {
        "name": "Garden Flat",
        "rates": [{"name": "Christmas", "season": "christmas", "nightly_rate": Decimal("185.00")}],
        "description": "Ground floor with a garden, sleeps four. The boiler is behind the kitchen door.",
        "location": "Lisbon, Graça",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("140.00"),
        "sleeps": 4,
    },
    {
        "name": "Old Mill Loft",
        "description": "Two floors in the old mill, sleeps five. Second key at the bakery.",
        "location": "Porto, Ribeira",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("165.00"),
        "sleeps": 5,
    },
    {
        "name": "Quay 7",
        "description": "Studio on the water, sleeps two.",
        "location": "Lisbon, Cais do Sodré",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "nightly_rate": Decimal("96.00"),
        "sleeps": 2,
    },
    {
        "name": "Lantern Rooms",
        "description": "Top floor without a lift, sleeps three.",
        "location": "Edinburgh, Leith",
        "time_zone": "Europe/London",
        "currency": "GBP",
        "nightly_rate": Decimal("110.00"),
        "sleeps": 3,
    },
]
# (user name, given name, family name, role at all properties). The first is a superuser, too.
STAFF = [
    ("lena", "Lena", "Moreau", "manager"),
    ("tom", "Tom", "Byrne", "reception"),
    ("ines", "Inês", "Duarte", "support"),
    ("hedda", "Hedda", "Lund", "housekeeping"),
    ("otto", "Otto", "Brandt", "viewer"),
]
FIRST_NAMES = (
    "Amara Björn Chloé Daniel Elif Farid Grace Hana Ivan Joana Kofi Lucía Marta Noah Olga Pedro Rosa Sami Tess Yusuf"
)
LAST_NAMES = (
    "Okafor Lindqvist Moreau Tanaka Haddad Novák Silva Byrne Castillo Wójcik Ito Mbeki Rossi Khan Jensen Adeyemi "
    "O'Brien Müller Díaz Petrov Nakamura Ferreira Hughes Larsen Costa"
)
# (CancelReason, reason in people's words)
CANCELLATIONS = [
    ("travel", "The flight was cancelled."),
    ("elsewhere", "Found something nearer to the fair."),
    ("mistake", "Booked twice."),
]
