"""A transcription service on this machine that answers as it is told, over real HTTP."""

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class CannedResponse:
    """`body` is made JSON unless it is bytes. Headers go before it; `cut` bytes of it are announced and not sent."""

    body: object = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: int = 0
    drip_seconds: float = 0.0  # for each byte


@dataclass
class Request:
    path: str
    headers: EmailMessage
    fields: list  # (name, value) of all but the file
    file_name: str
    file_type: str
    file: bytes

    def values(self, name):
        return [value for key, value in self.fields if key == name]


class Service:
    """Gives its answers in turn, the last one for ever. An answer may be a function of the request."""

    def __init__(self):
        self.answers = []
        self.requests = []
        self.release = threading.Event()

    def answer(self, *answers):
        self.answers = list(answers)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def next_for(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(request) if callable(answer) else answer


@contextlib.contextmanager
def service():
    """Running; with `release` set, whoever waits in an answer goes on."""
    double = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            answer = double.next_for(_request(self))
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            with contextlib.suppress(OSError):  # the engine may have gone
                self.send_response(answer.status)
                for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + answer.cut))
                self.end_headers()
                for part in [body] if not answer.drip_seconds else [body[n : n + 1] for n in range(len(body))]:
                    self.wfile.write(part)
                    time.sleep(answer.drip_seconds)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield double
    finally:
        double.release.set()
        server.shutdown()
        server.server_close()


def _request(handler):
    length = int(handler.headers["Content-Length"])
    head = f"Content-Type: {handler.headers['Content-Type']}\r\n\r\n".encode()
    parts = list(BytesParser(policy=HTTP).parsebytes(head + handler.rfile.read(length)).iter_parts())
    named = [(part.get_param("name", header="content-disposition"), part) for part in parts]
    [file] = [part for name, part in named if name == "file"]
    fields = [(name, part.get_content().strip()) for name, part in named if name != "file"]
    return Request(
        handler.path,
        handler.headers,
        fields,
        file.get_filename(),
        file.get_content_type(),
        file.get_payload(decode=True),
    )
