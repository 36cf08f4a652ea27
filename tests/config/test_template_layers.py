"""Templates of an app take tag libraries and templates from their own app and from those below it only.

What an app above shows on a page of an app below stands in a slot (`config.slots`), which names neither.
"""

import re

import pytest
from django.conf import settings
from django.template import engines

TEMPLATES = settings.BASE_DIR / "templates"
# From the top down, as import-linter has them. Templates of no app, such as `base.html`, are of `config`.
LAYERS = ["notes", "reservations", "properties", "api", "accounts", "config"]

LOAD = re.compile(r"\{%\s*load\s+(.+?)\s*%\}")
TEMPLATE = re.compile(r"""\{%\s*(?:include|extends)\s+(\S+)""")


def every_template():
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def app_of(template):
    folder = template.partition("/")[0]
    return folder if folder in LAYERS else "config"


def is_below_or_same(app, other):
    return LAYERS.index(other) >= LAYERS.index(app)


def loaded_apps(source):
    """(library, its app of ours) for what `load` names; libraries of packages are left out."""
    modules = engines["django"].engine.libraries
    for names in LOAD.findall(source):
        wanted = names.rpartition(" from ")[2].split() if " from " in names else names.split()
        for name in wanted:
            app = modules[name].partition(".")[0]
            if app in LAYERS:
                yield name, app


@pytest.mark.parametrize("name", every_template())
def test_tag_libraries_are_of_the_app_or_of_one_below(name):
    source = (TEMPLATES / name).read_text()

    above = [library for library, app in loaded_apps(source) if not is_below_or_same(app_of(name), app)]

    assert above == []


@pytest.mark.parametrize("name", every_template())
def test_other_templates_are_of_the_app_or_of_one_below(name):
    named = TEMPLATE.findall((TEMPLATES / name).read_text())

    unquoted = [each for each in named if not re.fullmatch(r"\"[^\"]+\"|'[^']+'", each)]
    above = [each for each in named if not is_below_or_same(app_of(name), app_of(each.strip("\"'")))]

    assert unquoted == []  # what a variable names can be seen by nobody
    assert above == []


def test_it_finds_what_is_above():
    source = '{% load desk voice_notes %}{% load latest from tape %}{% include "notes/dock.html" %}'

    assert list(loaded_apps(source)) == [("desk", "reservations"), ("voice_notes", "notes"), ("tape", "reservations")]
    assert TEMPLATE.findall(source) == ['"notes/dock.html"']
    assert not is_below_or_same("config", app_of("notes/dock.html"))
    assert is_below_or_same("notes", app_of("components/pages.html"))


def test_the_layers_are_those_of_the_code():
    """In the contract of import-linter, where the modules of `config` that apps import stand last."""
    contracts = (settings.BASE_DIR / "pyproject.toml").read_text()
    layers = ", ".join(f'"{app}"' for app in LAYERS[:-1])

    assert f"layers = [{layers}, " in contracts
