"""`Idempotency-Key`: a POST that is sent again with the same key gets the first response and does nothing new.

The response is stored in the same transaction as the changes of the request, so that either both are saved or neither.
A client that received no response sends the request again with its key. Requests with the same key wait for each other.
An error response is not stored, because nothing was done and the same request may succeed later.
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
# The headers of a response that are stored with it.
REPLAYED_HEADERS = ("Location", "ETag")


class RequestInProgress(Busy):
    """Another request with this key is still running, and this one has waited for it until the lock timeout."""

    def __init__(self):
        DomainError.__init__(self, "The first request with this key is still under way. Send it again in a moment.")


class UnfitKey(Problem):
    default_code = "unfit_key"
    default_detail = f"{HEADER} has 1 to {MAX_KEY_LENGTH} visible ASCII characters. A new UUID for each act will do."
    when = "The Idempotency-Key is empty, too long, or not plain ASCII."
    then = "Make a new UUID for each request."


class KeyReused(Problem):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "key_reused"
    default_detail = f"This {HEADER} was used for another request. Make a new one for each act."
    when = "Another request was sent with this Idempotency-Key before."
    then = "Make a new key for each request. Send the same key again only with the same request."


def run_idempotently(request, act):
    """The response of `act()`, or the stored response if this request was answered before.

    Without an Idempotency-Key `act()` is called and nothing stored. Raises UnfitKey, KeyReused, RequestInProgress.
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
    """As `run_idempotently`. The key is locked first, so that a request that waits for it holds no other locks."""
    _lock_key(user, key)
    if stored := _stored(user, key):
        return _replay(stored, fingerprint)
    response = act()
    _store(response, user, key, fingerprint)
    return response


def delete_expired():
    """Delete stored responses that are older than RETENTION. Returns how many."""
    return IdempotentResponse.objects.filter(created_at__lt=clock.now() - RETENTION).delete()[0]


# Finds all UUIDs in a body and compares them with the list. A pattern made of thousands of UUIDs would take PostgreSQL
# seconds to compile, or too much memory.
DELETE_NAMING = """
    DELETE FROM api_idempotentresponse WHERE EXISTS (
        SELECT 1 FROM regexp_matches(body, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') AS found (name)
        WHERE name[1] = ANY(%s))
"""


def delete_responses_naming(keys):
    """Delete stored responses whose bodies contain one of these UUIDs, whose rows were erased."""
    with connection.cursor() as cursor:
        cursor.execute(DELETE_NAMING, [[str(key) for key in keys]])


def _refuse_unfit_key(key):
    if not _KEY.fullmatch(key):
        raise UnfitKey


def _lock_key(user, key):
    """Lock the user's key until the transaction ends. Raises RequestInProgress after the lock timeout."""
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
    """The sha256 (hex) of method, address, If-Match and the parsed body.

    The raw body is not used, because its bytes may differ in equal requests: boundaries of forms, white space in JSON.
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
