"""The curl commands that the page of a new token shows."""

import datetime as dt
from string import Template

from django.utils import timezone

from accounts.models import Scope

# (scope that it needs, what it does, command). The first MOST commands that a token may run are shown. For a token with
# all scopes they are availability, a booking and a voice note.
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
    """[(what it does, command)] for commands that the token may run. `api` is the API's address with its version."""
    today = timezone.now().date()
    day, later = today + dt.timedelta(days=14), today + dt.timedelta(days=16)
    values = {"auth": f"'Authorization: Bearer {secret}'", "api": api, "day": day, "later": later}
    lines = [(what, Template(line).substitute(values)) for scope, what, line in LINES if scope in token.scopes]
    return lines[:MOST]
