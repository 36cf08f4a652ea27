"""Requests that are made up from the schema, good and bad: each is answered as the schema says.

The same requests each time, so that a red test is about the change: fifty for each operation. `EXPLORE=1` makes up new
ones, a thousand for each.
"""

import functools
import os
from contextlib import contextmanager

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.transport.serialization import Binary

from accounts import tokens
from accounts.models import Scope
from tests.contracts.document import published
from tests.contracts.known_rows import KEYS, NOTE, REFERENCES, VALUES, make_known_rows, naming_known_rows
from tests.factories import make_user
from tests.notes.clips import recording

EXPLORES = bool(os.environ.get("EXPLORE"))
EXAMPLES = 1000 if EXPLORES else 50
MOSTLY = 0.8
CONFIG = {
    "generation": {"max-examples": EXAMPLES, "deterministic": not EXPLORES, "database": "none"},
    "analysis": {"constants": {"enabled": False}},  # they would be others with each change of any file
    "phases": {"coverage": {"generate-duplicate-query-parameters": True}},
    "checks": {
        # What follows the schema may be against a rule (422), come late (412), name what is not there, or
        # be bytes that are no sound (415).
        "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "409", "412", "415", "416", "422"]},
        # An If-Match that is no version of ours matches none (412).
        "negative_data_rejection": {
            "expected-statuses": [
                "400",
                "401",
                "403",
                "404",
                "405",
                "406",
                "409",
                "412",
                "413",
                "415",
                "416",
                "422",
                "428",
            ]
        },
        "missing_required_header": {"expected-statuses": ["400", "401", "428"]},
    },
    "operations": [
        {
            "include-path-regex": r"/voice-notes/\{",
            "parameters": {"path.id": {"dictionary": "notes", "probability": MOSTLY}},
        }
    ],
    "dictionaries": {
        "notes": {"values": [NOTE]},
        **{name: {"values": [VALUES[name]]} for name in KEYS},
        "references": {"values": list(REFERENCES)},
        "versions": {"values": ['"1"']},
        "arrivals": {"values": ["2027-05-03", "2027-05-04"]},
        "departures": {"values": ["2027-05-06", "2027-05-09"]},
    },
    "parameters": {
        "path.reference": {"dictionary": "references", "probability": MOSTLY},
        "header.If-Match": {"dictionary": "versions", "probability": MOSTLY},
        "body.arrival": {"dictionary": "arrivals", "probability": MOSTLY},
        "body.departure": {"dictionary": "departures", "probability": MOSTLY},
        **{
            f"{place}.{name}": {"dictionary": name, "probability": MOSTLY}
            for place in ("path", "query", "body")
            for name in KEYS
        },
    },
}


# Files that are made up are never sound.
schemathesis.openapi.format("binary", st.sampled_from([recording("wav"), recording("ogg"), b"no sound"]).map(Binary))


def strict(document):
    """Answers have no member that the schema does not know. Programs pass over what is new; here it is written down."""
    for name, component in document["components"]["schemas"].items():
        if component.get("type") == "object" and name not in ("Problem", "Conflict"):
            component.setdefault("additionalProperties", False)
    return document


@functools.cache
def handler():
    return WSGIHandler()


def application(environ, start_response):
    """Django, started only when the test's settings stand."""
    return handler()(environ, start_response)


schema = schemathesis.openapi.from_dict(
    strict(naming_known_rows(published())), config=SchemathesisConfig.from_dict(CONFIG)
)
schema.app = application


@pytest.fixture
def headers(db, settings):
    """Of a program that may do everything, for a manager."""
    settings.API_REQUESTS_PER_MINUTE = 0
    user = make_user(role="manager")
    make_known_rows()
    _, secret = tokens.issue(user=user, name="Made up", scopes=Scope.values, actor=user)
    with _one_connection():
        yield {"Authorization": f"Bearer {secret}"}


@pytest.mark.full
@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck))
def test_made_up_requests_are_answered_as_the_schema_says(case, headers):
    with transaction.atomic():
        case.call_and_validate(headers=headers)
        transaction.set_rollback(True)


@contextmanager
def _one_connection():
    """Requests see the test's transaction: they do not begin and end with a connection of their own."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)
