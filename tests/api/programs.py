"""A program as the API meets it: with a token, and nothing else."""

import json

from django.test import Client

from accounts import tokens
from accounts.models import Scope

V1 = "/api/v1"


class Program:
    def __init__(self, secret=""):
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(raise_request_exception=False)

    @classmethod
    def of(cls, user, *scopes):
        """With a fresh token of the user's; with all scopes, unless some are named."""
        _, secret = tokens.issue(user=user, name="Tests", scopes=scopes or Scope.values, actor=user)
        return cls(secret)

    def get(self, path, query=None, **headers):
        return self.client.get(V1 + path, query, headers=self.headers | _named(headers))

    def post(self, path, body=None, **headers):
        return self._send("post", path, body, headers)

    def patch(self, path, body=None, **headers):
        return self._send("patch", path, body, headers)

    def delete(self, path, **headers):
        return self._send("delete", path, None, headers)

    def upload(self, path, fields, **headers):
        """multipart/form-data"""
        return self.client.post(V1 + path, fields, headers=self.headers | _named(headers))

    def _send(self, method, path, body, headers):
        data = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        send = getattr(self.client, method)
        return send(V1 + path, data, content_type="application/json", headers=self.headers | _named(headers))


def refused(answer, status, *, code=None, words=""):
    """That it is a problem of this status, with a code, and with words for people."""
    assert answer.status_code == status, answer.content[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == (code or problem["code"])
    assert words in answer.content.decode()
    assert problem["detail"][-1] in ".?/", problem["detail"]
    return problem


def _named(headers):
    """`if_match` is If-Match."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
