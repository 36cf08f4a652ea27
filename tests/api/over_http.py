"""A program that asks a running Roomtone over the network, and many of them at once."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import urllib3

from accounts.models import Scope

TIMEOUT_SECONDS = 60
MAKE_TOKEN = """
from accounts import tokens
from tests.factories import make_user
user = make_user({name!r})
print("secret", tokens.issue(user=user, name="Tests", scopes={scopes!r}, actor=user)[1])
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: urllib3.HTTPHeaderDict
    content: bytes

    def json(self):
        return json.loads(self.content)


class Caller:
    """Acts for a person of its own, with all scopes. May be shared by threads."""

    def __init__(self, server, name):
        made = server.run(MAKE_TOKEN.format(name=name, scopes=Scope.values))
        self.url = f"{server.url}/api/v1"
        secret = re.search(r"rt_[-_0-9A-Za-z]+", made)[0]
        # A connection for each request: one that is kept may be closed by the server just when it is used again.
        self.headers = {"Authorization": f"Bearer {secret}", "Connection": "close"}
        self.http = urllib3.PoolManager(retries=False, timeout=TIMEOUT_SECONDS)

    def get(self, path, **headers):
        return self._send("GET", path, headers)

    def post(self, path, body, **headers):
        return self._send("POST", path, headers, json=body)

    def _send(self, method, path, headers, **options):
        """None where the answer was lost."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            answer = self.http.request(method, self.url + path, headers=headers, redirect=False, **options)
        except (urllib3.exceptions.ProtocolError, urllib3.exceptions.TimeoutError):
            return None
        return Answer(answer.status, answer.headers, answer.data)


def at_once(clients, act):
    """Call `act(number)` in as many threads as there are clients, let go together; what each returned."""
    barrier = threading.Barrier(clients)

    def run(number):
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))
