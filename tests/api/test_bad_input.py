"""The catalogue of bad inputs, as far as it concerns an API: each is refused in words, and nothing is written.

H: what comes over HTTP; P: of APIs and sessions. What takes more than one request is in test_bad_requests.py, what
needs a real server in test_bad_input_over_http.py. H17 belongs to the audio. There are no webhooks (P11), and nobody
asks for a password or an invitation here (P15, P16).
"""

import base64
import datetime as dt
import json
from urllib.parse import quote

import pytest

from reservations import booking
from reservations.models import Closure, Event, Guest, Reservation
from reservations.stay import Stay
from tests.api.programs import refused
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

MANY = 100_000
BOOKING = {"property": "{property}", "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "Amara Okafor"}
CLOSING = {"unit": "{unit}", "arrival": "2027-05-03", "departure": "2027-05-06", "kind": "maintenance"}
BIG = 31 * 2**20  # bytes
FORM = "application/x-www-form-urlencoded"
NOT_OURS = (
    "is_superuser", "id", "pk", "version", "created_by", "merged_into", "status", "csrfmiddlewaretoken", "__class__",
)  # fmt: skip


@pytest.fixture
def keys():
    """Keys of what there is, by the address it stands at; and what addresses of lists want to be sent."""
    hotel = make_hotel()
    room = hotel.units.first()
    stay = make_reservation(make_apartment())
    nights = Stay.of_nights(ARRIVAL + dt.timedelta(days=30), 2)
    closure = booking.close(unit=room, stay=nights, kind=Closure.Kind.CLEANING, actor=None)
    return {
        "guest": stay.guest_id,
        "closure": closure.pk,
        "reference": stay.reference,
        "property": hotel.pk,
        "unit": room.pk,
    }


def written():
    """What a refusal must leave as it is."""
    return [
        *Guest.objects.order_by("pk").values_list("pk", "version"),
        *Closure.objects.order_by("pk").values_list("pk", "version"),
        *Reservation.objects.order_by("pk").values_list("pk", "version"),
        Event.objects.count(),
    ]


def row(number, name, path, status, code, *, words="", **request):
    return pytest.param(path, status, code, words, request, id=f"{number} {name}")


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


MISSING = "is missing"  # in the place of a value


def ask(number, query, *, code="invalid", status=400, path="/guests/"):
    return row(number, f"?{query[:24]}", f"{path}?{query}", status, code)


def no_address(number, name, path):
    return row(number, name, path, 404, "not_found")


def no_version(name, status, code, **headers):
    for path, body in (("/guests/{guest}/", {"name": "Bo"}), ("/closures/{closure}/", {"note": "Bo"})):
        yield row("H18", f"If-Match {name} {path}", path, status, code, method="PATCH", body=body, headers=headers)


ASKED = [
    *(ask("H13", f"limit={quote(limit)}") for limit in ("-1", "0", "1e9", "abc", "٣", "9" * 5000, "", "10 ")),
    *(ask("H13", query) for query in ("page=-1", "page=abc", "offset=-1", "before=1")),
    *(
        ask("H13", f"cursor={cursor(*values)}", code="unreadable_cursor", status=422)
        for values in (
            [], [1], [1, 2, 3], ["x", 1], [None, None], [True, True], [1.5, 1], [[1], 1], ["a\x00", 1], ["\ud800", 1],
            [{"a": 1}, 1], [float("inf"), 1],
        )
    ),
    *(
        ask("H13", f"cursor={words}", code="unreadable_cursor", status=422)
        for words in ("x", "9" * 300, "%C3%A9", "-1", "====")
    ),
    ask("H13", f"cursor={'A' * 5000}"),
    *(
        ask("P05", query)
        for query in (
            "ordering=password", "ordering=-email", "ordering=", "ordering=id,name", "fields=", "fields=password",
            "fields=id,,name", "fields=*", "fields=__class__", "expand=reservations.guest.stays", "limit=1000000000",
            "limit=101", "offset=-1",
        )
    ),
    ask("P05", "property__nightly_rate__gt=1", path="/closures/"),
    ask("P05", "ordering=unit__property__name", path="/closures/"),
]  # fmt: skip

ADDRESSES = [
    *(no_address("H12", "empty character", path) for path in ("/guests/%00/", "/reservations/%00/", "/a%00b/", "/%00")),
    *(
        no_address("H12", "way up", path)
        for path in ("/guests/%2e%2e%2f/", "/../../etc/passwd", "/reservations/..%2f/")
    ),
    *(
        no_address("H12", "other site", path)
        for path in ("//evil.example", "//evil.example/", "/https://evil.example/")
    ),
    *(no_address("H12", "backslash", path) for path in ("/guests\\1/", "/\\evil.example", "/reservations/\\/")),
    no_address("H12", "9 kB", f"/reservations/{'x' * 9000}/"),
    *(
        no_address("H14", path, f"/{path}/99999999999999999999/")
        for path in ("guests", "closures", "properties", "reservations")
    ),
    row("H14", "as a body's key", "/guests/{guest}/merge/", 400, "invalid", method="POST", body={"duplicate": 10**17}),
    row("H14", "as a filter", f"/closures/?unit={'9' * 18}", 400, "invalid"),
    row("H16", "image", "/guests/", 406, "not_acceptable", headers={"Accept": "image/webp"}),
    row("H16", "page", "/guests/{guest}/", 406, "not_acceptable", headers={"Accept": "text/html"}),
    row("H16", "page where nothing is", "/nothing/", 404, "not_found", headers={"Accept": "text/html"}),
]

VERSIONS = [
    *no_version("missing", 428, "version_missing"),
    *no_version("any", 428, "version_missing", if_match="*"),
    *no_version("weak nonsense", 412, "version_stale", if_match='W/"x"'),
    *no_version("half a quote", 412, "version_stale", if_match='"1'),
    *no_version("several", 412, "version_stale", if_match='"1", "2"'),
    *no_version("empty", 412, "version_stale", if_match=""),
    *no_version("10 kB", 412, "version_stale", if_match=f'"{"1" * 10_000}"'),
    *no_version("another", 412, "changed_meanwhile", if_match='"999999999"'),
]

POST_PATHS = ("/guests/", "/closures/", "/reservations/", "/guests/{guest}/merge/", "/closures/{closure}/reopen/")


def sent(number, name, body, status=400, code=None, **request):
    """To every address that takes a body."""
    for path in POST_PATHS:
        yield row(number, f"{name} {path}", path, status, code, method="POST", body=body, **request)


BODIES = [
    *sent("H06", "31 MB", b"x" * BIG, 413, "too_large", words="31.0 MB"),
    *sent("H07", "chunked", "{}", 411, "length_missing", headers={"Transfer-Encoding": "chunked"}),
    *sent("H08", "1,001 fields", "&".join(f"f{n}=1" for n in range(1001)), 415, content_type=FORM),
    *sent("H09", "no boundary", "--x\r\n", 415, content_type="multipart/form-data"),
    *sent("H09", "boundary of 10 kB", "--x\r\n", 415, content_type=f"multipart/form-data; boundary={'x' * 10_000}"),
    *sent("P01", "extra", {"whatever": 1}, words="no such field"),
    *sent("P01", "1,000 lists deep", "[" * 1000 + "]" * 1000),
    *sent("P01", "1,000 objects deep", '{"name":' * 1000 + "1" + "}" * 1000),
    *sent("P01", "100,000 extra", {f"n{number}": 1 for number in range(MANY // 2)}),
    *(item for body in ("null", "[]", "[{}]", '"x"', "1", "true") for item in sent("P01", f"no object {body}", body)),
    *sent("P02", "duplicate names", '{"name": "a", "name": "b"}', words="stands twice"),
    *sent("P02", "NaN", '{"party_size": NaN}', words="NaN is not JSON"),
    *sent("P02", "1e999", '{"party_size": 1e999}', words="too large"),
    *sent("P02", "byte order mark", b"\xef\xbb\xbf{}", words="byte order mark"),
    *sent("P02", "UTF-16", '{"name": "a"}'.encode("utf-16"), words="UTF-8"),
    *sent("P02", "trailing text", "{} {}", words="cannot be read"),
    *sent("P02", "10 MB", b'{"name": "' + b"x" * 10 * 2**20 + b'"}', 413, "too_large", words="10.0 MB"),
    *sent("P03", "text", "{}", 415, "unsupported_media_type", content_type="text/plain"),
    *sent("P03", "form", "name=Amara", 415, "unsupported_media_type", content_type=FORM),
    *sent("P03", "nothing said", "{}", 415, "unsupported_media_type", content_type=""),
    *(
        item
        for name in NOT_OURS
        for item in sent("P04", name, {name: 1}, words=f'"field":"{name}","code":"unknown_field"')
    ),
]  # fmt: skip


def one_wrong(path, whole, status, **fields):
    """A body that would be taken, but for one field."""
    for field, values in fields.items():
        for value in values:
            body = {name: text for name, text in whole.items() if name != field}
            body |= {} if value is MISSING else {field: value}
            name = f"{field}={str(value)[:20]!r} {path}"
            yield row("P01", name, path, status, "invalid", words=f'"field":"{field}"', method="POST", body=body)


GUEST = {"name": "Amara Okafor"}
NOT_TEXT = (None, 3, True, [], {}, ["x"] * MANY)
NOT_A_KEY = (MISSING, None, "1", 1.5, True, [1], {}, 1e300)
NOT_A_DAY = (MISSING, None, 0, "", "x", "2027-02-29", "2027-13-01", "03.05.2027", "2027-05-03T00:00:00Z", [], {})
NOT_A_KIND = (MISSING, None, "", "x", "calendar", 1, [])
NOT_A_PARTY = (None, "2", 2.5, True, 0, -1, 10**9, [])
FIELDS = [
    *one_wrong("/guests/", GUEST, 400, name=(MISSING, "", "x" * 201, *NOT_TEXT), phone=("1" * 101, *NOT_TEXT)),
    *one_wrong("/guests/", GUEST, 400, remarks=("x" * 5001, *NOT_TEXT), email=NOT_TEXT),
    *one_wrong("/guests/", GUEST, 422, name=(" ", "\u200b", "a\x00", "\ud800"), email=("a", "a@", "@b.pt")),
    *one_wrong("/closures/", CLOSING, 400, unit=NOT_A_KEY, arrival=NOT_A_DAY, departure=NOT_A_DAY),
    *one_wrong("/closures/", CLOSING, 400, kind=NOT_A_KIND, note=("x" * 201, *NOT_TEXT)),
    *one_wrong("/closures/", CLOSING, 400, unit=(0, -1, 10**17)),
    *one_wrong("/closures/", CLOSING, 422, unit=(2**40,), departure=("2027-05-03", "2000-01-01", "9999-12-31")),
    *one_wrong("/reservations/", BOOKING, 400, property=NOT_A_KEY, arrival=NOT_A_DAY, departure=NOT_A_DAY),
    *one_wrong("/reservations/", BOOKING, 400, party_size=NOT_A_PARTY, is_locked=(None, "true", 1)),
    *one_wrong("/reservations/", BOOKING, 400, hold_until=("2027-05-01", "soon", 1, [], {}), origin=("x", 1, [])),
]


ROWS = ASKED + ADDRESSES + VERSIONS + BODIES + FIELDS


@pytest.mark.parametrize(("path", "status", "code", "words", "request_"), ROWS)
@pytest.mark.sampled(78)
def test_it_is_refused_in_words_and_nothing_is_written(program, keys, caplog, path, status, code, words, request_):
    before = written()

    answer = send(program, path.format(**keys), keys=keys, **request_)

    refused(answer, status, code=code, words=words)
    assert written() == before
    assert "Amara" not in caplog.text


def send(program, path, *, keys, method="GET", body=None, headers=None, content_type="application/json"):
    headers = program.headers | {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    if isinstance(body, dict):
        body = {name: keys.get(str(value).strip("{}"), value) for name, value in body.items()}
    data = body if isinstance(body, str | bytes) else b"" if body is None else json.dumps(body)
    return program.client.generic(method, f"/api/v1{path}", data, content_type, headers=headers)
