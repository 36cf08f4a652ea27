"""Of the catalogue of bad inputs what only a real web server can be sent: a whole Roomtone, and plain sockets."""

import contextlib
import http.client
import json
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.request_bodies import PATIENCE
from tests.server import RunningServer

pytestmark = [pytest.mark.e2e, pytest.mark.full]

GUESTS = "/api/v1/guests/"
ISSUE = (
    "from accounts import tokens; from tests.factories import make_user; u = make_user();"
    "print(tokens.issue(user=u, name='T', scopes=['reservations:read', 'reservations:write'], actor=u)[1])"
)
SECONDS = 20  # until a thread must have answered on busy cores


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with RunningServer(tmp_path_factory.mktemp("bad-input"), API_REQUESTS_PER_MINUTE=0) as server:
        server.token = server.run(ISSUE).split()[-1]
        yield server


def head(server, *lines, method="POST", path=GUESTS):
    """The beginning of a request, as it goes over the line."""
    common = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Authorization: Bearer {server.token}"]
    return "\r\n".join([*common, "Content-Type: application/json", *lines, "", ""]).encode("latin-1")


def line_to(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS)


def status_of(server, request):
    """What the server says to these bytes; None when it only closes the line."""
    with line_to(server) as line:
        line.sendall(request)
        first = line.makefile("rb").readline()
    return int(first.split()[1]) if first else None


def answer_on(line):
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer.status, json.loads(answer.read())


def ask(server, method, path, body=None, **headers):
    """(status, JSON) by a well-behaved client."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    known = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    connection.request(method, path, body, known | named)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text.startswith(b"{") else text.decode()


def count(server, name):
    status, page = ask(server, "GET", f"{GUESTS}?q={name}")
    assert status == 200
    return len(page["results"])


def guest(name):
    return json.dumps({"name": name}).encode()


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["Content-Length: 2", "Transfer-Encoding: chunked"], id="H03 length and chunks"),
        pytest.param(["Content-Length: 2", "Content-Length: 3"], id="H03 two lengths"),
        pytest.param(["Content-Length: -2"], id="H03 less than nothing"),
        pytest.param(["Content-Length: two"], id="H03 a word"),
        pytest.param(["Content-Length: 2", "X-Long: " + "x" * 65_536], id="H15 header of 64 kB"),
        pytest.param(["Content-Length: 2", *(f"X-{n}: x" for n in range(200))], id="H15 200 headers"),
        pytest.param(["Content-Length: 2", "Cookie: " + "x" * 20_000], id="H15 cookie of 20 kB"),
        pytest.param(["Content-Length: 2", f'If-Match: "{"1" * 10_000}"'], id="H18 version of 10 kB"),
    ],
)
def test_what_servers_could_read_differently_is_not_read(server, lines):
    assert status_of(server, head(server, *lines) + b"{}") in (400, 431, None)
    assert ask(server, "GET", GUESTS)[0] == 200


@pytest.mark.parametrize(
    ("request_line", "headers", "status", "code"),
    [
        pytest.param(f"GET /api/v1/guests/?q={'x' * 5000}", [], 414, "uri_too_long", id="5 kB"),
        pytest.param(f"GET /guests/?q={'x' * 300_000}", [], 414, "uri_too_long", id="300 kB, of a page"),
        pytest.param("GET /api/v1/guests/", [f"X-Much: {'x' * 9000}"], 431, "headers_too_large", id="a long header"),
        pytest.param("GET /api/v1/guests/", ["no header"], 400, "bad_request", id="no header"),
        pytest.param("G<script>T /api/v1/guests/", [], 400, "bad_request", id="no method"),
    ],
)
def test_what_the_server_itself_refuses_is_a_problem_document_too(server, request_line, headers, status, code):
    lines = [f"{request_line} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *headers, "", ""]

    with line_to(server) as line:
        line.sendall("\r\n".join(lines).encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        problem = json.loads(answer.read())

    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert (problem["status"], problem["code"]) == (status, code)
    assert "script" not in problem["detail"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"/api/v1/{'x' * 9000}/", id="H12 9 kB"),
        pytest.param("/api/v1/guests/%00/", id="H12 empty character"),
        pytest.param("/api/v1/../../etc/passwd", id="H12 way up"),
        pytest.param("/api/v1//evil.example/", id="H12 other site"),
        pytest.param("/api/v1/guests/\\..\\", id="H12 backslash"),
        pytest.param("/api/v1/guests/\xff/", id="H12 no UTF-8"),
    ],
)
def test_an_address_that_is_none_is_refused(server, path):
    assert status_of(server, head(server, method="GET", path=path)) in (400, 404, 414)


def test_h07_a_body_without_a_length_is_refused_before_it_ends(server):
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"

    with line_to(server) as line:
        line.sendall(head(server, "Transfer-Encoding: chunked") + chunk * 8)  # and no end
        status, problem = answer_on(line)

    assert (status, problem["code"]) == (411, "length_missing")


def test_h06_who_sends_31_mb_is_told_how_much_is_taken(server):
    """Also where the whole is sent before an answer is looked for."""
    status, problem = ask(server, "POST", GUESTS, b"x" * 31 * 2**20)

    assert (status, problem["code"]) == (413, "too_large")
    assert "31.0 MB" in problem["detail"]


def test_p07_who_sends_much_with_a_wrong_token_is_told_so(server):
    status, problem = ask(server, "POST", GUESTS, b"x" * 5 * 2**20, Authorization="Bearer rt_wrong")

    assert (status, problem["code"]) == (413, "too_large")

    status, problem = ask(server, "POST", GUESTS, b"x" * 2**20, Authorization="Bearer rt_wrong")

    assert (status, problem["code"]) == (401, "unknown_token")


def test_h04_who_falls_silent_is_refused_and_the_thread_is_free_again(server):
    with line_to(server) as line:
        line.settimeout(PATIENCE + SECONDS)
        line.sendall(head(server, "Content-Length: 1000") + b'{"name": "Silent')
        status, problem = answer_on(line)

    assert (status, problem["detail"]) == (400, "The request broke off.")


def test_h04_who_says_more_than_comes_keeps_nobody_else_waiting_and_writes_nothing(server):
    lines = [line_to(server) for _ in range(4)]
    for line in lines:
        line.sendall(head(server, "Content-Length: 1000") + b'{"name": "Silent')

    began = time.monotonic()
    statuses = {ask(server, "GET", GUESTS)[0] for _ in range(10)}

    assert statuses == {200}
    assert time.monotonic() - began < SECONDS
    for line in lines:
        line.close()
    assert count(server, "Silent") == 0


class Trickle:
    """Someone who promises a body and sends a byte of it each quarter of a second, until the server hangs up."""

    def __init__(self, server, request):
        self.line = line_to(server)
        self.line.settimeout(0.25)  # the pace: between two bytes it looks whether the server still listens
        self.line.sendall(request)
        self.answer = b""
        self.thread = threading.Thread(target=self._send)
        self.thread.start()

    def _send(self):
        with self.line, contextlib.suppress(ConnectionError):
            for _ in range(4 * (PATIENCE + SECONDS)):
                self.line.sendall(b" ")
                with contextlib.suppress(TimeoutError):
                    data = self.line.recv(2**12)
                    if not data:
                        return
                    self.answer += data


def test_h05_many_who_send_a_byte_now_and_then_keep_no_one_from_signing_in(server):
    """More than there are threads, with no token: each is answered, and let go of."""
    request = head(server, "Content-Length: 60000").replace(server.token.encode(), b"rt_wrong")
    senders = [Trickle(server, request) for _ in range(16)]

    assert status_of(server, head(server, "Connection: close", method="GET", path="/accounts/login/")) == 200

    for sender in senders:
        sender.thread.join()
    assert {sender.answer.split()[1] for sender in senders} == {b"401"}


def test_h05_a_wanted_body_that_comes_a_byte_now_and_then_is_given_up(server):
    """Its thread is free again, and the sender is told."""
    sender = Trickle(server, head(server, "Content-Length: 60000") + b'{"name": "Slow')
    page = Trickle(server, head(server, "Content-Length: 60000", path="/accounts/login/"))

    sender.thread.join()
    page.thread.join()

    assert b"The request broke off." in sender.answer
    assert page.answer.split()[1] == b"403"
    assert count(server, "Slow") == 0


def test_h20_who_hangs_up_after_the_body_and_asks_again_has_one(server):
    body, key = guest("Hung Up"), f"Idempotency-Key: {uuid.uuid4()}"
    request = head(server, f"Content-Length: {len(body)}", key) + body

    for _ in range(5):
        with line_to(server) as line:
            line.sendall(request)

    assert status_of(server, request) == 201
    assert count(server, "Hung") == 1


def test_h19_the_same_at_the_same_moment_is_done_once(server):
    key = str(uuid.uuid4())

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(server, "POST", GUESTS, guest("Double"), Idempotency_Key=key), range(8)))

    assert {status for status, _ in answers} == {201}
    assert len({body["id"] for _, body in answers}) == 1
    assert count(server, "Double") == 1


def test_nothing_of_all_this_was_a_fault_or_stands_in_the_log(server):
    log = server.log.read_text()

    assert "Traceback" not in log
    assert not [name for name in ("Silent", "Hung Up", "Double", server.token) if name in log]
