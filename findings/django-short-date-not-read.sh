#!/usr/bin/env bash
# Django 5.2.19: in 29 of its 99 languages a date field does not read the date as Django itself writes it.
#
# The guess: a page shows `{{ day|date:"SHORT_DATE_FORMAT" }}`, somebody types a date in that form, and a localized
# DateField of the same language reads it.
#
# The behaviour: what is shown and what is read come from different settings. Many languages have a short format of
# their own and no input formats, so those of ISO and America apply. Polish shows 05-06-2026, Bulgarian 05.06.2026:
# both are refused. Hebrew shows 05/06/2026 for the 5th of June, and reads it as the 6th of May, without an error.
#
# Seen (2026-11-29), the 5th of June 2026 in each of Django's languages:
#   pl: '05-06-2026' -> refused
#   bg: '05.06.2026' -> refused
#   zh-hans: '2026年6月5日' -> refused
#   he: '05/06/2026' -> 2026-05-06
#   read back: 70, refused: 28, read as another day: 1
#
# What follows: use `<input type="date">` with `localize=False`, where the browser shows its own form and sends one;
# or set `input_formats` from what the pages show. Test each language by reading what it writes, with a day up to 12.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19

PYTHONUTF8=1 "$tmp/venv/bin/python" - <<'PY'
import sys
from collections import Counter
from datetime import date

import django
from django.conf import settings

settings.configure(USE_I18N=True)
django.setup()

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.utils import formats, translation

DAY = date(2026, 6, 5)
EXAMPLES = {"pl": "refused", "bg": "refused", "zh-hans": "refused", "he": "2026-05-06"}


def read(text):
    try:
        return str(DateField(localize=True).clean(text))
    except ValidationError:
        return "refused"


print("Django", django.get_version())
written, results = {}, {}
for language, _ in settings.LANGUAGES:
    with translation.override(language):
        written[language] = formats.date_format(DAY, "SHORT_DATE_FORMAT")
        results[language] = read(written[language])
for language in EXAMPLES:
    print(f"{language}: {written[language]!r} -> {results[language]}")
kinds = Counter({str(DAY): "right", "refused": "refused"}.get(result, "other") for result in results.values())
print(f"read back: {kinds['right']}, refused: {kinds['refused']}, read as another day: {kinds['other']}")
if {language: results[language] for language in EXAMPLES} != EXAMPLES or kinds != Counter(right=70, refused=28, other=1):
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
