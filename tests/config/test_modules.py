"""The JavaScript modules that a page names in its head."""

import json
import re

import pytest
from django.template import Context, Template

from config.javascript import FOLDER, needed_by
from config.templatetags.modules import elements_in


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
    needed = needed_by("elements/voice-recorder")

    assert {"elements/voice-recorder", "lib/recording", "lib/browser-copy"} <= set(needed)
    assert not {"elements/api-explorer", "elements/print-button", "service-worker", "theme"} & set(needed)


class TestThoseOfThePage:
    def test_the_modules_of_its_elements_are_loaded_and_run_after_the_entry(self):
        body = "<p>1 &lt; 2</p><sign-out><copy-text\n class='copy'></copy-text></sign-out><sign-out></sign-out>"

        page = head_before(body)

        links = re.findall(r'<link rel="modulepreload" href="/static/js/(.+)\.js">', page)
        assert links == needed_by("main", "elements/copy-text", "elements/sign-out")
        assert 'import "main"; import "elements/copy-text"; import "elements/sign-out";</script>' in page
        assert page.endswith(f"</script>{body}")

    def test_what_only_a_template_has_is_not_loaded(self):
        assert elements_in("<voice-dock><template data-a><voice-player></voice-player></template></voice-dock>") == [
            "elements/voice-dock"
        ]

    def test_signing_in_loads_no_recorder_player_or_calendar(self, client, db):
        page = client.get("/accounts/login/").content.decode()

        loaded = set(re.findall(r"/static/js/((?:lib|elements)/[\w-]+)\.js\">", page))
        assert "lib/composing" in loaded
        assert not {name for name in loaded if re.search("recorder|player|tape|picker|lib/recording$|upload", name)}

    def test_every_element_of_a_template_has_a_module(self):
        templates = FOLDER.parent.parent / "templates"
        found = {name for path in templates.rglob("*.html") for name in elements_in(path.read_text())}

        assert found
        assert {name for name in found if not (FOLDER / f"{name}.js").exists()} == set()


def head_before(body):
    source = '{% load modules %}{% page_modules "main" %}' + body + "{% endpage_modules %}"
    return Template(source).render(Context({"CSP_NONCE": "a-nonce"}))


def test_each_name_that_a_file_imports_is_one_that_it_needs():
    """However the import is written: read here word by word, there by one expression. `import()` is for later."""
    for path in FOLDER.rglob("*.js"):
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        quoted = set(re.findall(r'(?<!import\()"((?:lib|elements)/[\w-]+)"', path.read_text()))

        assert quoted <= set(needed_by(name))
