"""`Idempotency-Key`: a request that is sent again is answered again, and done once.

The answer is written in the transaction of what was done, so there is never one without the other: whoever lost the
answer, or the server, asks again with the same key and is told what happened. Requests with one key queue; who comes
second gets the first one's answer. What was refused is not kept: nothing has happened, and the same request may be
right later.
"""

import datetime as dt
import hashlib
import json
import re
from operator import itemgetter

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.models import KeptAnswer
from api.problems import Problem
from config import clock
from config.errors import Busy, DomainError
from config.transactions import one_transaction, undoing

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
_KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")
KEPT_FOR = dt.timedelta(hours=24)
# Of the answer's headers, those that belong to it.
KEPT_HEADERS = ("Location", "ETag")


class UnderWay(Busy):
    """Another request with this key has not ended, though this one waited as long as for any lock."""

    def __init__(self):
        DomainError.__init__(self, "The first request with this key is still under way. Send it again in a moment.")


def once(request, act):
    """The response of `act()`, or, if the request was answered before, that answer. Raises Problem, Busy."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    _refuse_unfit(key)
    fingerprint = _fingerprint(request)
    with undoing():
        return _first_or_again(user=request.user, key=key, fingerprint=fingerprint, act=act)


@one_transaction
def _first_or_again(*, user, key, fingerprint, act):
    """The queue is the first thing locked, so that nobody who waits in it holds what others wait for."""
    _queue(user, key)
    if kept := _kept(user, key):
        return _again(kept, fingerprint)
    response = act()
    _keep(response, user, key, fingerprint)
    return response


def forget():
    """Answers whose keys count as new by now. Returns how many."""
    return KeptAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]


# All UUIDs of an answer are compared with the list: one pattern made of thousands of them takes the database seconds to
# read, or more memory than it has.
FORGET = """
    DELETE FROM api_keptanswer WHERE EXISTS (
        SELECT 1 FROM regexp_matches(body, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') AS found (name)
        WHERE name[1] = ANY(%s))
"""


def forget_about(keys):
    """Answers that name one of these, which are UUIDs: what they show was erased, and is not shown again."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [[str(key) for key in keys]])


def _refuse_unfit(key):
    if not _KEY.fullmatch(key):
        words = f"{HEADER} has 1 to {LONGEST_KEY} visible ASCII characters. A new UUID for each act will do."
        raise Problem(words, code="unfit_key")


def _queue(user, key):
    """Wait until no other request with this key is under way; until the transaction ends, others wait for this one."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(user, key)])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise UnderWay from error
        raise


def _number(user, key):
    return int.from_bytes(hashlib.sha256(f"{user.pk}:{key}".encode()).digest()[:8], signed=True)


def _kept(user, key):
    kept = KeptAnswer.objects.filter(user=user, key=key).first()
    if kept and kept.created_at < clock.now() - KEPT_FOR:
        kept.delete()
        return None
    return kept


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
    where = [request.method, request.get_full_path(), request.headers.get("If-Match")]
    digest = hashlib.sha256(json.dumps(where).encode())
    for name, value in sorted(_members(_data(request)), key=itemgetter(0)):
        digest.update(json.dumps(["\n", name]).encode())
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
