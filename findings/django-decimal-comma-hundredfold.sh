#!/usr/bin/env bash
# Django 5.2.19: "12,50" in a localized English form is 1250 once USE_THOUSAND_SEPARATOR is on.
#
# The guess: USE_THOUSAND_SEPARATOR is about showing numbers; a localized DecimalField that then reads "1,250" as well
# refuses a comma that is not in front of three digits.
#
# The behaviour: every thousands separator of the locale is taken out, wherever it stands. With English a European
# price of 12,50 is a hundred times as high, and "1,2,5" is 125. The other way round there is an exception, which hides
# this from whoever tests in German: where a dot is the separator, a single dot not in front of three digits is a
# decimal point, so "12.50" stays 12.50. With the setting off, English refuses the comma.
#
# Seen (2026-11-29):
#   setting on, en: '12,50' -> 1250, '1,250' -> 1250, '1,2,5' -> 125
#   setting on, de: '12.50' -> 12.50, '1.250' -> 1250, '1.2.5' -> 125
#   setting off, en: '12,50' -> refused, '1,250' -> refused, '1,2,5' -> refused
#   setting off, de: '12.50' -> 12.50, '1.250' -> 1.250, '1.2.5' -> refused
#
# What follows: have guests and staff enter amounts without separators (`<input type="number">`, a field without
# `localize`), or check the places of the separators before the field cleans them away. Switching the setting on for
# nicer tables changes what every localized form accepts.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19

"$tmp/venv/bin/python" - <<'PY'
import sys

import django
from django.conf import settings

settings.configure(USE_I18N=True)
django.setup()

from django.core.exceptions import ValidationError
from django.forms import DecimalField
from django.utils import formats, translation

SEEN = {
    (True, "en"): {"12,50": "1250", "1,250": "1250", "1,2,5": "125"},
    (True, "de"): {"12.50": "12.50", "1.250": "1250", "1.2.5": "125"},
    (False, "en"): {"12,50": "refused", "1,250": "refused", "1,2,5": "refused"},
    (False, "de"): {"12.50": "12.50", "1.250": "1.250", "1.2.5": "refused"},
}


def read(text):
    try:
        return str(DecimalField(localize=True).clean(text))
    except ValidationError:
        return "refused"


print("Django", django.get_version())
results = {}
for on, language in SEEN:
    settings.USE_THOUSAND_SEPARATOR = on
    formats.reset_format_cache()
    with translation.override(language):
        results[on, language] = {text: read(text) for text in SEEN[on, language]}
    listed = ", ".join(f"{text!r} -> {value}" for text, value in results[on, language].items())
    print(f"setting {'on' if on else 'off'}, {language}: {listed}")
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
