#!/usr/bin/env bash
# Django REST framework 3.18.3: its DateTimeField accepts local times that do not exist, or that exist twice.
#
# The guess: a time without an offset in the hour that a change of clocks skips or repeats is refused, as Django's form
# field does and as the serializer field has a message for ("Invalid datetime for the timezone"), with a check before it.
#
# The behaviour: the check lets both pass, in each zone that was tried. The time that does not exist is stored with the
# offset from before the change, so it comes back an hour later; the one that exists twice becomes the first of both.
#
# Seen (2026-11-29):
#   Europe/Vienna 2026-03-29T02:30, skipped: form refused, serializer took 01:30 UTC, which is 03:30 there
#   Europe/Vienna 2026-10-25T02:30, repeated: form refused, serializer took 00:30 UTC, which is 02:30 there
#   America/New_York 2026-03-08T02:30, skipped: form refused, serializer took 07:30 UTC, which is 03:30 there
#   America/New_York 2026-11-01T01:30, repeated: form refused, serializer took 05:30 UTC, which is 01:30 there
#
# What follows: an API and a form on the same model accept different times. Ask for an offset in the API, or compare
# the value with itself taken to UTC and back, and with the other `fold`, in a `validate_` method.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19 djangorestframework==3.18.3 tzdata==2026.6

"$tmp/venv/bin/python" - <<'PY'
import sys
from datetime import timezone
from zoneinfo import ZoneInfo

import django
from django.conf import settings

settings.configure(USE_TZ=True, TIME_ZONE="UTC")
django.setup()

import rest_framework
from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import override
from rest_framework import serializers

SEEN = {
    ("Europe/Vienna", "2026-03-29T02:30", "skipped"): ("refused", "01:30", "03:30"),
    ("Europe/Vienna", "2026-10-25T02:30", "repeated"): ("refused", "00:30", "02:30"),
    ("America/New_York", "2026-03-08T02:30", "skipped"): ("refused", "07:30", "03:30"),
    ("America/New_York", "2026-11-01T01:30", "repeated"): ("refused", "05:30", "01:30"),
}


def form(text):
    try:
        return str(forms.DateTimeField().clean(text))
    except ValidationError:
        return "refused"


def serializer(text, zone):
    try:
        value = serializers.DateTimeField().run_validation(text).astimezone(timezone.utc)
    except serializers.ValidationError:
        return "refused", "refused"
    return f"{value:%H:%M}", f"{value.astimezone(ZoneInfo(zone)):%H:%M}"


print("Django REST framework", rest_framework.VERSION, "Django", django.get_version())
results = {}
for zone, text, kind in SEEN:
    with override(zone):
        in_form, (utc, local) = form(text), serializer(text, zone)
    results[zone, text, kind] = in_form, utc, local
    print(f"{zone} {text}, {kind}: form {in_form}, serializer took {utc} UTC, which is {local} there")
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
