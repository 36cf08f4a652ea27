"""What `serve` prints: the address once it answers, and the account of the demo."""

import socket
from io import StringIO

import pytest

from config.demo.seeding import keep_account
from config.management.commands.serve import Command, _when_web_answers
from tests.factories import make_user


@pytest.fixture
def account(db, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    keep_account("lena", "a-password-of-the-demo")
    return make_user("lena", password="a-password-of-the-demo")


def greeting():
    printed = StringIO()
    Command(stdout=printed)._greet()
    return printed.getvalue()


def test_it_names_the_account_and_its_password(account):
    assert "lena" in greeting()
    assert "a-password-of-the-demo" in greeting()
    assert "hedda (housekeeping)" in greeting()


def test_a_password_that_was_changed_in_the_app_is_not_printed(account):
    account.set_password("one-of-our-own")
    account.save()

    assert "lena" in greeting()
    assert "a-password-of-the-demo" not in greeting()


def test_it_is_said_only_once_the_web_server_answers(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.HOST, settings.PORT = "0.0.0.0", listening.getsockname()[1]
        answers = _when_web_answers()
        connection, _ = listening.accept()  # it listens, and its code is still being loaded
        with connection:
            assert connection.recv(1000).startswith(b"GET /healthz ")
            assert not answers.is_set()

            connection.sendall(b"HTTP/1.0 503 Service Unavailable\r\n\r\n")

            assert answers.wait(timeout=10)
