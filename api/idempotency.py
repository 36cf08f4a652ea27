"""`Idempotency-Key`: a POST that is sent again is not carried out again, and gets the first one's response.

The response is stored in the transaction of the act itself, so neither is there without the other: a client that did
not receive it, or whose server died, sends the same request with the same key. Requests with one key wait for each
other. A refusal is not stored, because nothing was done and the same request may succeed later.
"""

import datetime as dt
import hashlib
import json
import re
from http import HTTPStatus
from operator import itemgetter

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.models import IdempotentResponse
from api.problems import Problem
from config import clock
from config.errors import Busy, DomainError
from config.transactions import one_transaction, undoing

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
MAX_KEY_LENGTH = 255
_KEY = re.compile(f"[!-~]{{1,{MAX_KEY_LENGTH}}}")
RETENTION = dt.timedelta(hours=24)
# The response's headers that are stored and sent again; the others are made anew.
REPLAYED_HEADERS = ("Location", "ETag")


class RequestInProgress(Busy):
    """Another request with this key is still running, and this one has waited for it as long as for any lock."""

    def __init__(self):
        DomainError.__init__(self, "The first request with this key is still under way. Send it again in a moment.")


class UnfitKey(Problem):
    default_code = "unfit_key"
    default_detail = f"{HEADER} has 1 to {MAX_KEY_LENGTH} visible ASCII characters. A new UUID for each act will do."
    when = "The Idempotency-Key is empty, too long, or not plain ASCII."
    then = "Make a new UUID for each act."


class KeyReused(Problem):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "key_reused"
    default_detail = f"This {HEADER} was used for another request. Make a new one for each act."
    when = "Another request came with this Idempotency-Key."
    then = "Make a new key for each act; repeat one only with the same request."


def run_idempotently(request, act):
    """The response of `act()`, or the stored response when the same request with its key was answered before.

    Without a key `act()` simply runs. Raises UnfitKey and KeyReused, and RequestInProgress while the first
    request is still running.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    _refuse_unfit_key(key)
    fingerprint = _fingerprint(request)
    with undoing():
        return _run_or_replay(user=request.user, key=key, fingerprint=fingerprint, act=act)


@one_transaction
def _run_or_replay(*, user, key, fingerprint, act):
    """The key is locked before anything else, so that no request that waits for it holds a lock others wait for."""
    _lock_key(user, key)
    if stored := _stored(user, key):
        return _replay(stored, fingerprint)
    response = act()
    _store(response, user, key, fingerprint)
    return response


def delete_expired():
    """Delete stored responses that are older than RETENTION. Returns how many."""
    return IdempotentResponse.objects.filter(created_at__lt=clock.now() - RETENTION).delete()[0]


# Every UUID in a body is compared with the list: one pattern made of thousands of keys takes the database seconds to
# compile, or more memory than it has.
DELETE_NAMING = """
    DELETE FROM api_idempotentresponse WHERE EXISTS (
        SELECT 1 FROM regexp_matches(body, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') AS found (name)
        WHERE name[1] = ANY(%s))
"""


def delete_responses_naming(keys):
    """Delete stored responses whose bodies name one of these UUIDs: what they show was erased."""
    with connection.cursor() as cursor:
        cursor.execute(DELETE_NAMING, [[str(key) for key in keys]])


def _refuse_unfit_key(key):
    if not _KEY.fullmatch(key):
        raise UnfitKey


def _lock_key(user, key):
    """Wait for other requests of this user with this key, and hold the key until the transaction ends."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_id(user, key)])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise RequestInProgress from error
        raise


def _lock_id(user, key):
    return int.from_bytes(hashlib.sha256(f"{user.pk}:{key}".encode()).digest()[:8], signed=True)


def _stored(user, key):
    stored = IdempotentResponse.objects.filter(user=user, key=key).first()
    if stored and stored.created_at < clock.now() - RETENTION:
        stored.delete()
        return None
    return stored


def _replay(stored, fingerprint):
    if stored.fingerprint != fingerprint:
        raise KeyReused
    headers = stored.headers | {REPLAYED_HEADER: "true"}
    return Response(json.loads(stored.body) if stored.body else None, status=stored.status, headers=headers)


def _store(response, user, key, fingerprint):
    body = "" if response.data is None else JSONRenderer().render(response.data).decode()
    IdempotentResponse.objects.create(
        user=user,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers},
        body=body,
    )


def _fingerprint(request):
    """sha256, hex, of method, address, If-Match and the parsed body.

    The bytes of the body differ each time: a form's boundary, or the white space of JSON.
    """
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
    except UnsupportedMediaType:  # the view refuses it when it reads the body
        return {}


def _members(data):
    if hasattr(data, "lists"):
        return [(name, value) for name, values in data.lists() for value in values]
    return data.items() if isinstance(data, dict) else [("", data)]
