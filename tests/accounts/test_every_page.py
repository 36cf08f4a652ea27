"""Nobody sees anything without signing in. New addresses are covered as soon as they exist."""

import re

import pytest
from django.urls import URLPattern, get_resolver

API = "api/v1/"
# The schema and its pages show how the API looks, and nothing that is in it.
OPEN = {"accounts/login/", "healthz", "api/schema/", "api/docs/", "api/docs/redoc/", "api/docs/problems/"}
SAMPLES = {
    "int": "1",
    "reference": "RT-XXXXX",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def all_routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from all_routes(pattern.url_patterns, route)


def sample(route):
    """A path that the route matches; Django's admin has two regular expressions among its routes."""
    path = re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], route)
    return re.sub(r"\^?\(\?P.*", "x", path).removesuffix("$")


ROUTES = sorted(set(all_routes(get_resolver().url_patterns)) - OPEN)


def test_the_list_of_addresses_is_not_empty_by_mistake():
    assert {"", "properties/", "properties/<int:pk>/archive/", "admin/"} <= set(ROUTES)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.sampled(132)
def test_it_sends_strangers_to_the_sign_in_and_programs_away(client, route, method):
    response = getattr(client, method)(f"/{sample(route)}")

    if route.startswith(API):
        assert response.status_code in (401, 404)
        assert response["Content-Type"] == "application/problem+json"
    elif response.status_code not in (404, 405):
        assert response.status_code == 302
        # The admin has its own sign-in address, which redirects to ours.
        assert response["Location"].startswith(("/accounts/login/", "/admin/login/"))


@pytest.mark.django_db
def test_the_open_addresses_are_open(client):
    assert [client.get(f"/{route}").status_code for route in OPEN] == [200] * len(OPEN)
