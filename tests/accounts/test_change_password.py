"""Staff change their own password: this session stays, the others end, and guessing is throttled as at the sign-in."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from accounts.models import SignInAttempts
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE, LOGIN = "/accounts/password/", "/accounts/login/"
OLD, NEW = "the-night-desk-9", "seven-grey-herons"


@pytest.fixture
def alice(db):
    return make_user("alice", first_name="Alice", last_name="Moreau", password=OLD)


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Passwords are many here, and their hashes are not the point."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def change(browser, old=OLD, new=NEW, again=NEW):
    typed = {"Current password": old, "New password": new, "New password again": again}
    return browser.get(PAGE).press("Change password", typed)


def password_of(user):
    return next(each for each in (OLD, NEW) if get_user_model().objects.get(pk=user.pk).check_password(each))


def signed_in(password=OLD):
    client = Client()
    client.post(LOGIN, {"username": "alice", "password": password})
    return client


class TestChanging:
    def test_the_new_password_signs_in_and_the_old_one_does_not(self, browser, alice):
        change(browser)

        assert "_auth_user_id" in signed_in(NEW).session
        assert "_auth_user_id" not in signed_in(OLD).session

    def test_the_page_says_that_it_is_done(self, browser, alice):
        page = change(browser).follow()

        assert page.status_int == 200
        assert "Your password is changed." in page.shown

    def test_this_session_goes_on_and_the_others_of_this_user_end(self, alice):
        here, elsewhere = signed_in(), signed_in()
        bob = Client()
        bob.force_login(make_user("bob"))

        here.post(PAGE, {"old_password": OLD, "new_password1": NEW, "new_password2": NEW})

        assert here.get("/properties/").status_code == 200
        assert elsewhere.get("/properties/")["Location"].startswith(LOGIN)
        assert bob.get("/properties/").status_code == 200

    def test_what_a_manager_changes_of_the_account_meanwhile_stays(self, browser, alice, monkeypatch):
        page = browser.get(PAGE)
        check = get_user_model().check_password

        def check_while_switched_off(user, password):
            get_user_model().objects.filter(pk=user.pk).update(is_active=False)
            return check(user, password)

        monkeypatch.setattr(get_user_model(), "check_password", check_while_switched_off)
        page.press("Change password", {"Current password": OLD, "New password": NEW, "New password again": NEW})

        alice.refresh_from_db()
        assert not alice.is_active

    def test_the_menu_leads_to_the_page(self, browser, alice):
        page = browser.get("/properties/").click("Password")

        assert page.request.path == PAGE
        assert page.form_with("Change password")


class TestRefusing:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"old": "wrong"}, "This is not your current password."),
            ({"old": ""}, "Please fill this in."),
            ({"again": "another-one-7"}, "The two new passwords differ."),
            ({"new": "short1", "again": "short1"}, "at least 8 characters"),
            ({"new": "password1", "again": "password1"}, "too common"),
            ({"new": "moreau-1", "again": "moreau-1"}, "too similar"),
        ],
    )
    def test_it_is_said_in_words_and_nothing_is_changed(self, browser, alice, typed, words):
        page = change(browser, **typed)

        assert page.status_int == 422
        assert words in page.shown
        assert "Your password is not changed yet." in page.shown
        assert password_of(alice) == OLD

    def test_no_password_stands_in_the_answer(self, browser, alice):
        page = change(browser, old="wrong")

        assert NEW not in page.text
        assert "wrong" not in [field.value for field in page.form_with("Change password").fields.get("old_password")]

    def test_a_program_has_no_password_to_change(self, client):
        client.force_login(make_user("integration-1", is_integration=True))

        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"old_password": OLD}).status_code == 404

    def test_a_stranger_is_sent_to_the_sign_in(self, client):
        assert client.get(PAGE)["Location"].startswith(LOGIN)
        assert client.post(PAGE, {"old_password": OLD})["Location"].startswith(LOGIN)


class TestThrottling:
    def wrong(self, browser, times):
        return [change(browser, old=f"wrong-{number}") for number in range(times)]

    def test_after_five_wrong_ones_even_the_right_one_waits(self, browser, alice):
        self.wrong(browser, 5)

        page = change(browser)

        assert page.status_int == 429
        assert "Too many wrong passwords for this account from here." in page.shown
        assert password_of(alice) == OLD

    def test_wrong_sign_ins_from_here_count_too(self, browser, alice):
        for number in range(3):
            signed_in(f"wrong-{number}")
        self.wrong(browser, 2)

        assert change(browser).status_int == 429

    def test_the_right_one_forgets_the_wrong_ones(self, browser, alice):
        self.wrong(browser, 3)
        change(browser)

        assert not SignInAttempts.objects.exists()
