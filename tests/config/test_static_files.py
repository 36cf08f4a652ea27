"""Static files as browsers get them: each style sheet that a page links is one file, and so is what every page runs."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings

from config.javascript import MAIN, needed_by
from config.javascript import joined as joined_modules
from config.static_files import LINKED, JoinedStaticFilesStorage, joined

FOLDER = settings.STATICFILES_DIRS[0]


@pytest.fixture
def sheets(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "far.css").write_text(
        '@charset "UTF-8";/*! © */a{b:"/* c */"}\n/*# sourceMappingURL=far.css.map */'
    )
    (tmp_path / "css" / "near.css").write_text("/* why */\np { q: r }")
    return tmp_path / "css"


def test_an_import_becomes_what_it_imports_without_comments(sheets):
    (sheets / "page.css").write_text(
        '@layer far, near;\n@import url("../other/far.css") layer(far);\n@import url("near.css");\nx { y: z }\n'
    )

    assert joined(sheets / "page.css") == (
        '@layer far, near;\n@layer far {\n/*! © */a{b:"/* c */"}\n\n}\n\np { q: r }\nx { y: z }\n'
    )


@pytest.mark.parametrize(
    "other", ['@import url("near.css") print;', '@import url("https://example.com/x.css");', '@import "near.css";']
)
def test_an_import_that_browsers_would_ignore_after_a_joined_sheet_is_refused(sheets, other):
    (sheets / "deep.css").write_text(other)
    (sheets / "page.css").write_text('@import url("near.css");\n@import url("deep.css");\n')

    with pytest.raises(ValueError, match=r"deep\.css has an import"):
        joined(sheets / "page.css")


def test_a_relative_address_in_a_sheet_of_another_folder_is_an_error(sheets):
    (sheets.parent / "other" / "dot.svg").write_text("<svg/>")
    (sheets.parent / "other" / "far.css").write_text('a { background: url("dot.svg") }')
    (sheets / "roomtone.css").write_text('@import url("../other/far.css");\n')
    storage = JoinedStaticFilesStorage(location=sheets.parent, base_url="/static/")
    names = ["css/roomtone.css", "other/dot.svg", "other/far.css"]

    results = storage.post_process({name: (storage, name) for name in names})

    errors = [error for _, _, error in results if isinstance(error, Exception)]
    assert "css/dot.svg" in str(errors)


def test_each_sheet_that_a_page_links_is_joined_if_it_imports_others():
    importing = {f"css/{path.name}" for path in (FOLDER / "css").glob("*.css") if "@import" in path.read_text()}

    assert importing == set(LINKED)


@pytest.fixture(scope="module")
def collecting(tmp_path_factory):
    """The settings of a server that uses collected static files, which are collected once."""
    backend = {"BACKEND": "config.static_files.JoinedStaticFilesStorage"}
    changed = {
        "STATIC_ROOT": tmp_path_factory.mktemp("static"),
        "STORAGES": settings.STORAGES | {"staticfiles": backend},
    }
    with override_settings(**changed):
        call_command("collectstatic", verbosity=0, interactive=False)
    return changed


@pytest.fixture
def collected(collecting):
    """The folder of collected static files, which are in use."""
    with override_settings(**collecting):
        yield collecting["STATIC_ROOT"]


def test_nothing_is_imported_in_a_collected_sheet(collected):
    sheets = [path for name in LINKED for path in collected.glob(name.replace(".css", ".*.css"))]
    assert len(sheets) == len(LINKED)
    for path in sheets:
        text = path.read_text()
        assert not re.search("^@import", text, re.MULTILINE)
        assert "--rt-paper" in text


def test_a_page_loads_the_modules_of_every_page_as_one_file(collected):
    source = (
        '{% load modules %}{% page_modules "main" %}<sign-out></sign-out><copy-text></copy-text>{% endpage_modules %}'
    )

    page = Template(source).render(Context({"CSP_NONCE": "a-nonce"}))

    (main,) = collected.glob("js/main.*.js")
    (other,) = collected.glob("js/elements/copy-text.*.js")
    imports = json.loads(re.search(r'<script type="importmap" nonce="a-nonce">(.+)</script>', page)[1])["imports"]
    assert {name for name, address in imports.items() if address == f"/static/js/{main.name}"} == set(needed_by(MAIN))
    assert re.findall(r'<link rel="modulepreload" href="/static/js/(.+)">', page) == [
        main.name,
        f"elements/{other.name}",
    ]
    assert '<script type="module" nonce="a-nonce">import "main"; import "elements/copy-text";</script>' in page
    assert main.read_text() == joined_modules(MAIN)
