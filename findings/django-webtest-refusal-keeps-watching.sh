#!/usr/bin/env bash
# django-webtest 1.9.15: a page that holds a caught exception goes on recording the templates of every later page.
#
# The guess: what a response says of its templates and contexts is recorded during its own request. The receiver of
# Django's `template_rendered` is a local of `DjangoTestApp.do_request`, and signals hold receivers weakly, so that it
# is gone when the request has ended.
#
# The behaviour: nothing disconnects it. An exception in the context of a page (a refusal that a view caught and shows)
# has a traceback; its frames lead to their callers and so to `do_request`, whose local is the receiver. That is a
# circle, which stays until a full garbage collection. Until then each template of each later request is copied into
# the old response, too. `error.with_traceback(None)` in the view ends it.
#
# Seen (2026-11-29, Django 5.2.19, Python 3.11), receivers alive after 20 requests, collector paused:
#   a page whose context holds words: 0
#   a page whose context holds the exception: 20
#   a page whose context holds the exception without its traceback: 0
#
# What follows: tests that send many refused forms slow down with the square of their number, and the more so the more
# objects a process has, because full collections become rare. Ours took 400 s of CPU beside other tests and 80 alone.
# Put `template_rendered.receivers` back to what it was after each request.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19 django-webtest==1.9.15

cat > "$tmp/pages.py" <<'PY'
import gc
import sys

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DATABASES={},
    MIDDLEWARE=[],
    ROOT_URLCONF="pages",
    SECRET_KEY="of a test",
    STATIC_URL="/static/",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"page.html": "{{ refusal }}"})]},
        }
    ],
)
django.setup()

from django.shortcuts import render
from django.test.signals import template_rendered
from django.test.utils import setup_test_environment
from django.urls import path
from django_webtest import DjangoTestApp

SEEN = {"words": 0, "exception": 20, "without-traceback": 0}


def page(request, kind):
    try:
        raise ValueError("That room is taken.")
    except ValueError as error:
        refusal = error
    if kind == "words":
        refusal = str(refusal)
    elif kind == "without-traceback":
        refusal = refusal.with_traceback(None)
    return render(request, "page.html", {"refusal": refusal})


urlpatterns = [path("<slug:kind>/", page)]


def receivers_after_20_requests(kind):
    app = DjangoTestApp()
    gc.collect()
    gc.disable()
    before = alive()
    for _ in range(20):
        assert "taken" in app.get(f"/{kind}/").text
    watching = alive() - before
    gc.enable()
    return watching


def alive():
    return sum(receiver() is not None for _, receiver, *_ in template_rendered.receivers)


def main():
    setup_test_environment()
    seen = {kind: receivers_after_20_requests(kind) for kind in SEEN}
    print("Django", django.__version__, seen)
    if seen != SEEN:
        sys.exit("changed: this is not what was seen")
    print("as seen")
PY
cd "$tmp" && "$tmp/venv/bin/python" -c "import pages; pages.main()"
