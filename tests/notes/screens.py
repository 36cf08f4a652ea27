"""Addresses of the voice notes' screens, and what comes back from them."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.notes.clips import recording

HOSTILE = '<script>alert(1)</script><b hx-get="/boom" hx-trigger="load">'


def page_of(reservation):
    return f"/reservations/{reservation.reference}/"


def upload_to(reservation):
    return f"/reservations/{reservation.reference}/voice-notes/"


def sound(container="wav", **kwargs):
    return SimpleUploadedFile(f"note.{container}", recording(container, **kwargs))


def htmx(target):
    return {"HX-Request": "true", "HX-Target": target}


def row(note):
    return htmx(f"note-{note.pk}")


def text_of(response):
    """What a person reads, each run of white space one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", response.content.decode())).split())


def is_page(response):
    return "<html" in response.content.decode()
