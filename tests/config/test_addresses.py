"""Our tag `url` gives the same addresses as Django's, however often it is asked."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, RequestContext, Template
from django.test import override_settings
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, path, reverse


def render(source, context=None):
    return Template(source).render(context or Context())


def test_each_address_is_that_of_its_arguments():
    source = (
        "{% url 'notes:list' %} {% url 'reservations:detail' 'RT-AAAA' %} {% url 'reservations:detail' reference='B' %}"
    )

    addresses = render(source * 2)

    assert addresses == "/notes/ /reservations/RT-AAAA/ /reservations/B/" * 2


def test_numbers_that_are_equal_are_not_taken_for_each_other():
    with override_settings(ROOT_URLCONF=(path("<value>/", render, name="any"),)):
        assert render("{% url 'any' 1 %} {% url 'any' yes %} {% url 'any' 1.0 %}", Context({"yes": True})) == (
            "/1/ /True/ /1.0/"
        )


def test_a_name_without_an_address_is_an_error_each_time():
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            render("{% url 'no:such' %}")


def test_an_address_may_be_kept_in_a_variable():
    assert (
        render("{% url 'notes:list' as address %}<{{ address }}>{% url 'no:such' as other %}{{ other }}") == "</notes/>"
    )


def test_other_root_urls_and_prefixes_have_addresses_of_their_own():
    assert render("{% url 'healthz' %}") == "/healthz"
    with override_settings(ROOT_URLCONF=(path("other/", render, name="healthz"),)):
        assert render("{% url 'healthz' %}") == "/other/"
    with override_script_prefix("/hotel/"):
        assert render("{% url 'healthz' %}") == "/hotel/healthz"


def test_a_page_of_the_admin_finds_the_admin(rf):
    request = rf.get("/")
    request.user, request.current_app = AnonymousUser(), "admin"

    assert render("{% url 'admin:index' %}", RequestContext(request)) == reverse("admin:index")
