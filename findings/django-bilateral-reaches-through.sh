#!/usr/bin/env bash
# Django 5.2.19: a bilateral transform also changes the right side of a lookup that is not its own.
#
# The guess: `bilateral = True` means that the lookup made on the transform, `name__fold="Abc"`, folds both of its
# sides. Once another transform stands between, as in LENGTH(FOLD(name)) >= 3, the number is not folded.
#
# The behaviour: each transform hands on the bilateral ones that it was built on, and the last lookup puts its right
# side through all of them. So the number 3 becomes FOLD(3), a text function of a number: PostgreSQL refuses it
# ("function fold(integer) does not exist"), SQLite compares a number with text and the answer is wrong. The same
# happens to a pattern: name__fold__regex folds the pattern, which turns \d into \D where folding means capitals.
# The same function as a plain `Func` does nothing to the right side.
#
# Seen (2026-11-29):
#   own lookup:      FOLD("django_content_type"."model") = (FOLD(Abc))
#   length behind:   LENGTH(FOLD("django_content_type"."model")) >= (FOLD(3))
#   as expressions:  LENGTH(FOLD(x)) >= (FOLD(3))
#   regex:           FOLD("django_content_type"."model") REGEXP (FOLD(^\d))
#   as a plain Func: LENGTH(FOLD(x)) >= 3
#   with UPPER on SQLite, LENGTH >= 3 finds 0 of the 1 rows it should find
#
# What follows: give a bilateral transform only to lookups of its own. For a condition on something computed from
# the folded text (its length, its place), write the function as a `Func` and fold the other side by hand.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19

"$tmp/venv/bin/python" - <<'PY'
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes"],
)
django.setup()

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import CharField, Func, TextField, Transform, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual


class Fold(Transform):
    bilateral = True
    function = "FOLD"
    lookup_name = "fold"
    output_field = TextField()


class Capitals(Fold):
    function = "UPPER"
    lookup_name = "capitals"


class FoldFunc(Func):
    function = "FOLD"
    output_field = TextField()


CharField.register_lookup(Fold)
CharField.register_lookup(Capitals)
TextField.register_lookup(Length)


def where(*conditions, **lookups):
    return str(ContentType.objects.filter(*conditions, **lookups).query).split(" WHERE ")[1]


outputs = {
    "own lookup": where(model__fold="Abc"),
    "length behind": where(model__fold__length__gte=3),
    "as expressions": where(GreaterThanOrEqual(Length(Fold(Value("x"))), 3)),
    "regex": where(model__fold__regex=r"^\d"),
    "as a plain Func": where(GreaterThanOrEqual(Length(FoldFunc(Value("x"))), 3)),
}
print("Django", django.get_version())
for name, sql in outputs.items():
    print(f"{name + ':':<16} {sql}")

call_command("migrate", verbosity=0)
ContentType.objects.all().delete()
ContentType.objects.create(app_label="inn", model="lobby")
found = ContentType.objects.filter(model__capitals__length__gte=3).count()
print(f"with UPPER on SQLite, LENGTH >= 3 finds {found} of the 1 rows it should find")

seen = [
    'FOLD("django_content_type"."model") = (FOLD(Abc))',
    'LENGTH(FOLD("django_content_type"."model")) >= (FOLD(3))',
    "LENGTH(FOLD(x)) >= (FOLD(3))",
    r'FOLD("django_content_type"."model") REGEXP (FOLD(^\d))',
    "LENGTH(FOLD(x)) >= 3",
]
if list(outputs.values()) != seen or found != 0:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
