"""Who asks: a program with its token and a browser that is signed in, each by one connection that it keeps."""

import http.client
import json
import re
import time
from urllib.parse import urlencode, urlsplit

KEPT_SECONDS = 1  # the server closes a connection after two in which nothing was asked


class Connection:
    """Speaks plain HTTP to the server. `headers` are sent each time."""

    def __init__(self, url, headers=None):
        self.http = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.headers = headers or {}
        self.answered_at = 0.0

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body) of the answer."""
        if time.monotonic() - self.answered_at > KEPT_SECONDS:
            self.http.close()  # it opens again by itself
        self.http.request(method, path, body, self.headers | headers)
        answer = self.http.getresponse()
        found = answer.status, answer.headers, answer.read()
        self.answered_at = time.monotonic()
        return found

    def get(self, path):
        status, _, body = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")
        return body


class Program(Connection):
    def __init__(self, url, secret):
        super().__init__(url, {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"})

    def book(self, flat, stay, key=None):
        """The status of the answer."""
        body = {"property": flat, **_nights(stay), "guest_name": "Amara Okafor", "party_size": 2}
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", "/api/v1/reservations/", json.dumps(body), **headers)[0]


class Browser(Connection):
    """Signed in; `cookies` are those of another browser that is."""

    def __init__(self, url, account=None, cookies=None):
        super().__init__(url, {"Content-Type": "application/x-www-form-urlencoded"})
        self.cookies = dict(cookies or {})
        if account:
            self.send("GET", "/accounts/login/")
            self.send("POST", "/accounts/login/", username=account[0], password=account[1])

    def send(self, method, path, **fields):
        """The status of the answer."""
        said = {"csrfmiddlewaretoken": self.cookies.get("roomtone_csrftoken", "")}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, headers, _ = self.ask(method, path, urlencode(fields | said) if fields else None, Cookie=cookies)
        for cookie in headers.get_all("Set-Cookie", []):
            name, value = re.match(r"([^=]+)=([^;]*)", cookie).groups()
            self.cookies[name] = value
        return status

    def book(self, flat, stay):
        """The status of the answer."""
        return self.send(
            "POST", "/reservations/new/", property=flat, **_nights(stay), guest="Amara Okafor", party_size=2
        )


def _nights(stay):
    return {"arrival": stay.arrival.isoformat(), "departure": stay.departure.isoformat()}
