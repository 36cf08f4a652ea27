"""What `serve` prints about the account of the demo."""

from io import StringIO

import pytest

from config.demo.seeding import keep_account
from config.management.commands.serve import Command
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


def test_a_password_that_was_changed_in_the_app_is_not_printed(account):
    account.set_password("one-of-our-own")
    account.save()

    assert "lena" in greeting()
    assert "a-password-of-the-demo" not in greeting()
