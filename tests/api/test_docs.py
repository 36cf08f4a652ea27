"""The pages about the API: open to all, drawn by files of ours, and complete."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from rest_framework import exceptions
from rest_framework.fields import Field

from api.field_errors import FIELD_ERRORS
from api.problem_types import _described, problem_types
from api.problems import Problem
from config.errors import DomainError

PAGES = ["/api/docs/", "/api/docs/redoc/", "/api/docs/problems/"]
OURS = ["accounts", "api", "config", "notes", "properties", "reservations"]


def policy(response):
    rules = [rule.split() for rule in response.headers["Content-Security-Policy"].split(";") if rule.strip()]
    return {name: set(sources) for name, *sources in rules}


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_nothing_comes_from_elsewhere_and_no_script_stands_in_the_page(self, client, path):
        response = client.get(path)

        page = response.content.decode()
        assert response.status_code == 200
        assert re.findall(r'(?:src|<link[^>]+href)="(?!/static/)', page) == []
        inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
        assert all("nonce=" in script for script in inline)
        assert "<style" not in page
        assert " style=" not in page

    @pytest.mark.parametrize("path", PAGES)
    def test_the_policy_gives_way_only_to_styles_and_only_for_redoc(self, client, path):
        usual, here = policy(client.get("/accounts/login/")), policy(client.get(path))

        unsafe = {"'unsafe-inline'"} if path == "/api/docs/redoc/" else set()
        assert here.pop("style-src") == usual.pop("style-src") | unsafe
        for rules in (usual, here):
            rules["script-src"] = {source for source in rules["script-src"] if "nonce" not in source}
        assert here == usual
        assert here["script-src"] == {"'self'"}

    @pytest.mark.parametrize("path", PAGES)
    def test_they_lead_to_each_other_and_to_the_tokens(self, client, path):
        page = client.get(path).content.decode()

        for way in [*PAGES, "/api/schema/", "/accounts/tokens/"]:
            assert f'href="{way}"' in page

    @pytest.mark.parametrize("path", PAGES)
    def test_they_ask_the_database_for_nothing(self, client, path, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get(path)


class TestCodes:
    def shown(self):
        return {each.code: each for found in problem_types().values() for each in found}

    def test_every_code_of_an_error_is_explained(self):
        codes = {code for error in _all_kinds(DomainError) for code in error.reasons or [error.code]}
        codes |= {problem.default_code for problem in _all_kinds(Problem)}

        assert codes - self.shown().keys() == set()
        assert [each.code for each in self.shown().values() if not each.then] == []

    def test_every_code_has_its_statuses(self):
        assert self.shown()["dates_taken"].statuses == {409}
        assert self.shown()["changed_meanwhile"].statuses == {409, 412}
        assert self.shown()["too_large"].statuses == {413}
        assert self.shown()["erased"].statuses == {410}
        assert self.shown()["not_audio"].statuses == {415}

    def test_a_code_stands_in_one_section(self):
        """Classes that share a code have the same words, or only one of them has any."""
        words = defaultdict(set)
        for _, code, _, when, then in _described():
            words[code] |= {(when, then)} if when else set()

        assert {code: said for code, said in words.items() if len(said) != 1} == {}

    def test_none_hides_in_the_source(self):
        """Wherever a refusal is raised with a code of its own, and not by a class."""
        explained = self.shown().keys() | FIELD_ERRORS.keys()

        assert {code for path in _sources() for code in _codes_in(path)} - explained == set()

    def test_the_framework_refuses_with_no_other(self):
        never_alone = {exceptions.APIException, exceptions.AuthenticationFailed}  # they come with codes of ours
        kinds = {kind for kind in exceptions.APIException.__subclasses__() if kind.__module__ == exceptions.__name__}

        assert {kind.default_code for kind in kinds - never_alone} <= self.shown().keys()

    def test_every_code_of_a_field_is_explained(self):
        ours = [kind for kind in _all_kinds(Field) if kind.__module__.partition(".")[0] in OURS]
        said = {code for kind in ours for code in vars(kind).get("default_error_messages", {})}

        assert said <= FIELD_ERRORS.keys()

    @pytest.mark.django_db
    def test_the_type_of_a_refusal_leads_to_its_line(self, client):
        problem = client.get("/api/v1/properties/").json()
        page, _, anchor = problem["type"].partition("#")

        assert anchor == "not_authenticated"
        assert f'id="{anchor}"' in client.get(page).content.decode()


def _all_kinds(kind):
    for inner in kind.__subclasses__():
        yield inner
        yield from _all_kinds(inner)


def _sources():
    for app in OURS:
        yield from Path(settings.BASE_DIR, app).rglob("*.py")


def _codes_in(path):
    """What is given as `code="…"` to something raised, or made to be raised, by a program's request."""
    if "api" not in path.relative_to(settings.BASE_DIR).parts:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
            yield node.value.value
