"""What pages tell the browser about recordings that it may keep. What it does with them is tried in a real browser."""

import pytest
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def page(client):
    return client.get(reverse("reservations:today")).content.decode()


def test_a_page_says_who_is_here_and_how_long_recordings_are_kept(client, settings):
    settings.BROWSER_KEEPS_AUDIO_HOURS = 5
    lena = make_user(first_name="Lena", last_name="<Moreau>")
    client.force_login(lena)

    html = page(client)

    assert f'data-user="{lena.pk}" data-user-name="Lena &lt;Moreau&gt;"' in html
    assert '<unsent-recordings data-keep-hours="5" data-recording="/recordings/' in html
    assert "Sign out, keep it here for 5 hours" in html
    assert "Sign out and delete it" not in html


def test_a_desk_that_keeps_nothing_offers_to_delete_it_at_the_sign_out(client, settings):
    settings.BROWSER_KEEPS_AUDIO_HOURS = 0
    client.force_login(make_user())

    html = page(client)

    assert "Sign out and delete it" in html
    assert "keep it here" not in html
    assert "This computer keeps no recordings of those who have signed out." in html


def test_the_sign_in_page_only_has_old_ones_forgotten(client):
    html = client.get(reverse("accounts:login")).content.decode()

    assert '<unsent-recordings data-keep-hours="72"></unsent-recordings>' in html
    assert "data-user" not in html
