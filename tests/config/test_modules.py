"""The JavaScript modules that a page names in its head."""

import json
import re

import pytest
from django.template import Context, Template

from config.templatetags.modules import FOLDER, needed_by


def head(entry):
    return Template('{% load modules %}{% modules "' + entry + '" %}').render(Context({"CSP_NONCE": "a-nonce"}))


def test_every_module_has_an_address():
    import_map = re.search(r'<script type="importmap" nonce="a-nonce">(.+)</script>', head("main"))[1]
    imports = json.loads(import_map)["imports"]

    assert imports["elements/voice-recorder"] == "/static/js/elements/voice-recorder.js"
    assert len(imports) == len(list(FOLDER.rglob("*.js")))


@pytest.mark.parametrize("entry", ["main", "elements/api-explorer", "elements/api-reader"])
def test_what_the_entry_needs_is_loaded_at_once_and_nothing_else(entry):
    links = re.findall(r'<link rel="modulepreload" href="/static/js/(.+)\.js">', head(entry))

    assert links == needed_by(entry)
    assert links[0] == entry
    assert len(links) == len(set(links))
    assert f'<script type="module" nonce="a-nonce">import "{entry}";</script>' in head(entry)


def test_what_a_module_needs_is_followed_through_its_imports():
    needed = needed_by("main")

    assert {"elements/voice-recorder", "lib/recording", "lib/browser-copy"} <= set(needed)
    assert not {"elements/api-explorer", "elements/print-button", "service-worker", "theme"} & set(needed)


def test_each_name_that_a_file_imports_is_one_that_it_needs():
    """However the import is written: read here word by word, there by one expression."""
    for path in FOLDER.rglob("*.js"):
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        quoted = set(re.findall(r'"((?:lib|elements)/[\w-]+)"', path.read_text()))

        assert quoted <= set(needed_by(name))
