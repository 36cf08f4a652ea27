import pytest
from django.contrib.auth import get_user_model

from tests.factories import make_apartment, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PASSWORD = "the-night-desk-9"


@pytest.fixture
def lena():
    return make_user("lena", password=PASSWORD)


def sign_in(client, username="lena", password=PASSWORD, **fields):
    return client.post(LOGIN, {"username": username, "password": password} | fields)


@pytest.mark.usefixtures("lena")
class TestSignIn:
    def test_it_leads_to_today(self, client):
        assert sign_in(client)["Location"] == "/"

    def test_it_leads_on_to_where_one_was(self, client):
        assert sign_in(client, next="/properties/?q=a")["Location"] == "/properties/?q=a"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\\evil.example",
            "///evil.example",
            "\x00",
        ],
    )
    def test_it_never_leads_away(self, client, elsewhere):
        assert sign_in(client, next=elsewhere)["Location"] == "/"
        assert client.get(LOGIN, {"next": elsewhere})["Location"] == "/"  # signed in already

    @pytest.mark.parametrize(
        ("username", "password"),
        [("lena", "wrong"), ("nobody", PASSWORD), ("LENA", PASSWORD), ("lena", PASSWORD * 200)],
    )
    def test_it_does_not_say_which_of_the_two_is_wrong(self, client, username, password):
        response = sign_in(client, username, password)

        assert response.status_code == 422
        assert "This user name and password do not match." in response.content.decode()
        assert "_auth_user_id" not in client.session

    def test_a_switched_off_account_is_like_none(self, client):
        get_user_model().objects.update(is_active=False)

        response = sign_in(client)

        assert "This user name and password do not match." in response.content.decode()

    def test_switching_an_account_off_ends_its_sessions(self, client):
        sign_in(client)
        get_user_model().objects.update(is_active=False)

        assert client.get("/properties/")["Location"].startswith(LOGIN)

    @pytest.mark.parametrize("field", ["username", "password"])
    def test_a_nul_is_an_ordinary_mistake(self, client, field):
        assert sign_in(client, **{field: "le\x00na"}).status_code == 422

    def test_the_session_gets_a_new_key(self, client):
        client.get(LOGIN)
        client.session["seen"] = True
        client.session.save()
        before = client.session.session_key

        sign_in(client)

        assert client.session.session_key != before

    def test_signing_out_takes_the_session_away(self, client):
        sign_in(client)
        key = client.session.session_key

        client.post("/accounts/logout/")

        assert not client.session.exists(key)
        assert client.get("/properties/")["Location"].startswith(LOGIN)


class TestSignedOutAtWork:
    def test_a_page_is_come_back_to(self, client):
        assert client.get("/properties/?q=a")["Location"] == f"{LOGIN}?next=/properties/%3Fq%3Da"

    def test_a_form_leads_back_to_its_page_and_says_that_nothing_was_saved(self, client):
        flat = make_apartment()
        page = f"http://testserver/properties/{flat.pk}/?a=1"
        headers = {"Referer": page, "Accept": "text/html"}

        response = client.post(f"/properties/{flat.pk}/archive/", headers=headers, follow=True)

        assert response.redirect_chain == [(f"{LOGIN}?next=/properties/{flat.pk}/%3Fa%3D1", 302)]
        assert "nothing was saved" in response.content.decode()
        flat.refresh_from_db()
        assert flat.archived_at is None

    @pytest.mark.parametrize("referer", ["", "https://evil.example/properties/", "//evil.example/"])
    def test_a_form_of_unknown_origin_leads_to_the_start(self, client, referer):
        response = client.post("/properties/1/archive/", headers={"Referer": referer})

        assert response["Location"] == f"{LOGIN}?next=/"

    def test_a_live_search_sends_the_whole_page_to_the_sign_in(self, client):
        headers = {
            "HX-Request": "true",
            "HX-Target": "property-list",
            "HX-Current-URL": "http://testserver/properties/",
        }

        response = client.get("/properties/?q=a", headers=headers)

        assert response.content == b""
        assert response["HX-Redirect"] == f"{LOGIN}?next=/properties/"
