"""`Idempotency-Key`: a request that is sent again is answered again, and done once.

The answer is written in the transaction of what was done, so there is never one without the other: whoever lost the
answer, or the server, asks again with the same key and is told what happened. Requests with one key queue; who comes
second gets the first one's answer. What was refused is not kept: nothing has happened, and the same request may be
right later.
"""

import datetime as dt
import hashlib
import json

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.models import KeptAnswer
from api.problems import Problem
from config.errors import Busy

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
KEPT_FOR = dt.timedelta(hours=24)
# Of the answer's headers, those that belong to it.
KEPT_HEADERS = ("Location", "ETag")


def once(request, act):
    """The response of `act()`, or, if the request was answered before, that answer. Raises Problem, Busy."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    _refuse_unfit(key)
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        _queue(request.user, key)
        if kept := _kept(request.user, key):
            return _again(kept, fingerprint)
        response = act()
        _keep(response, request.user, key, fingerprint)
    return response


def forget():
    """Answers whose keys count as new by now. Returns how many."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _refuse_unfit(key):
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        words = f"{HEADER} has 1 to {LONGEST_KEY} visible ASCII characters. A new UUID for each act will do."
        raise Problem(words, code="unfit_key")


def _queue(user, key):
    """Wait until no other request with this key is under way; until the transaction ends, others wait for this one."""
    number = int.from_bytes(hashlib.sha256(f"{user.pk}:{key}".encode()).digest()[:8], signed=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise


def _kept(user, key):
    kept = KeptAnswer.objects.filter(user=user, key=key)
    kept.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return kept.first()


def _again(kept, fingerprint):
    if kept.fingerprint != fingerprint:
        words = f"This {HEADER} was used for another request. Make a new one for each act."
        error = Problem(words, code="key_reused")
        error.status_code = 422
        raise error
    headers = kept.headers | {REPLAYED: "true"}
    return Response(json.loads(kept.body) if kept.body else None, status=kept.status, headers=headers)


def _keep(response, user, key, fingerprint):
    body = "" if response.data is None else JSONRenderer().render(response.data).decode()
    KeptAnswer.objects.create(
        user=user,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        body=body,
    )


def _fingerprint(request):
    """Of what was meant, not of its bytes: a form's boundary, and the spaces of JSON, are others each time."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(request.headers.get("If-Match", "").encode())
    for name, value in sorted(_members(_data(request))):
        digest.update(f"\n{name}=".encode())
        if isinstance(value, UploadedFile):
            for chunk in value.chunks():
                digest.update(chunk)
            value.seek(0)
        else:
            digest.update(json.dumps(value, sort_keys=True).encode())
    return digest.hexdigest()


def _data(request):
    try:
        return request.data
    except UnsupportedMediaType:  # the view says so, where it reads it
        return {}


def _members(data):
    if hasattr(data, "lists"):
        return [(name, value) for name, values in data.lists() for value in values]
    return data.items() if isinstance(data, dict) else [("", data)]
