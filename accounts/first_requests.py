"""Lines for a terminal that try a new token at once."""

import datetime as dt
from string import Template

from django.utils import timezone

from accounts.models import Scope

# (needed scope, what it does, line). Of what a token may do, the first three are shown; for one that may do everything
# they are the way of a booking: look, book, leave a note.
LINES = [
    (Scope.AVAILABILITY, "What is free", "curl -H $auth '$api/properties/1/availability/?date=$day&nights=2'"),
    (
        Scope.WRITE_RESERVATIONS,
        "Book two nights",
        "curl -H $auth -H 'Content-Type: application/json' $api/reservations/"
        """ -d '{"property": 1, "arrival": "$day", "departure": "$later", "guest_name": "Amara Okafor"}'""",
    ),
    (
        Scope.WRITE_NOTES,
        "Leave a voice note",
        "curl -H $auth -F audio_file=@note.m4a $api/properties/1/voice-notes/",
    ),
    (Scope.READ_RESERVATIONS, "Who stays when", "curl -H $auth '$api/reservations/?since=$day'"),
    (Scope.READ_NOTES, "What was said", "curl -H $auth $api/voice-notes/"),
    (Scope.AVAILABILITY, "Which properties there are", "curl -H $auth $api/properties/"),
    (Scope.AVAILABILITY, "What there is in the first one", "curl -H $auth $api/properties/1/units/"),
    (Scope.READ_RESERVATIONS, "What happened lately", "curl -H $auth $api/events/"),
    (Scope.READ_RESERVATIONS, "Who the guests are", "curl -H $auth $api/guests/"),
    (
        Scope.WRITE_RESERVATIONS,
        "Add a guest",
        """curl -H $auth -H 'Content-Type: application/json' $api/guests/ -d '{"name": "Amara Okafor"}'""",
    ),
]
MOST = 3


def first_requests(token, secret, api):
    """[(what it does, line)] of what the token may do; `api` is the address that ends with the version."""
    today = timezone.now().date()
    day, later = today + dt.timedelta(days=14), today + dt.timedelta(days=16)
    said = {"auth": f"'Authorization: Bearer {secret}'", "api": api, "day": day, "later": later}
    lines = [(what, Template(line).substitute(said)) for scope, what, line in LINES if scope in token.scopes]
    return lines[:MOST]
