"""Style sheets as browsers get them: each that a page links is one file."""

import re

import pytest
from django.conf import settings

from config.static_files import LINKED, JoinedStaticFilesStorage, joined

FOLDER = settings.STATICFILES_DIRS[0]


@pytest.fixture
def sheets(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "far.css").write_text('@charset "UTF-8";a{b:c}\n/*# sourceMappingURL=far.css.map */')
    (tmp_path / "css" / "near.css").write_text("p { q: r }")
    return tmp_path / "css"


def test_an_import_becomes_what_it_imports(sheets):
    (sheets / "page.css").write_text(
        '@layer far, near;\n@import url("../other/far.css") layer(far);\n@import url("near.css");\nx { y: z }\n'
    )

    assert joined(sheets / "page.css") == "@layer far, near;\n@layer far {\na{b:c}\n\n}\np { q: r }\nx { y: z }\n"


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


def test_nothing_is_imported_in_a_collected_sheet(tmp_path, settings):
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static_files.JoinedStaticFilesStorage"}}

    call_command("collectstatic", verbosity=0, interactive=False)

    collected = [path for name in LINKED for path in (tmp_path / "static").glob(name.replace(".css", ".*.css"))]
    assert len(collected) == len(LINKED)
    for path in collected:
        text = path.read_text()
        assert not re.search("^@import", text, re.MULTILINE)
        assert "--rt-paper" in text
