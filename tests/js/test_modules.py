"""Runs the tests of `static/js/lib` in this folder, `*.test.js`, in one Chromium. No server is started.

Every file gets a freshly loaded page; what it stores in the browser stays for the files after it. The page's import map
names the modules as the product's pages do, and each file is read from disk. The page `/joined` has those of every page
in one file, as they are collected.
"""

import json
import re
from pathlib import Path

import django_htmx
import pytest
from playwright.sync_api import sync_playwright

from config.javascript import MAIN, joined, needed_by
from tests.chromium import launch_options
from tests.server import ROOT

HERE = Path(__file__).parent
SCRIPTS = ROOT / "static" / "js"
# Never looked up: each request is answered from disk. Locks and hashes need a secure origin.
ORIGIN = "https://modules.test"
MODULES = [str(path.relative_to(SCRIPTS).with_suffix("")) for path in SCRIPTS.rglob("*.js") if path.parent != SCRIPTS]
IMPORTS = {"harness": "/tests/harness.js"} | {name: f"/static/{name}.js" for name in MODULES}
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
HTMX_CONFIG = re.search(r'<meta name="htmx-config"[^>]*>', (ROOT / "templates" / "base.html").read_text())[0]
# As collected: the file of `main` is that of all modules that every page needs.
JOINED_IMPORTS = IMPORTS | dict.fromkeys(needed_by(MAIN), "/joined/main.js")
PAGE = f"""<!doctype html><html lang="en"><head>{HTMX_CONFIG}<script src="/htmx"></script></head>
<body data-user="7" data-user-name="Lena"><script type="importmap">%s</script>"""
RUN = "async (name) => { await import(name); return (await import('harness')).run(); }"


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as playwright, playwright.chromium.launch(**launch_options()) as chromium:
        page = chromium.new_page(locale="en-GB", timezone_id="Europe/Madrid")
        page.route(f"{ORIGIN}/**", _answer)
        yield page


def _answer(route):
    folder, _, name = route.request.url.removeprefix(f"{ORIGIN}/").partition("/")
    if folder == "htmx":
        route.fulfill(path=HTMX, content_type="text/javascript")
    elif folder == "prices":
        route.fulfill(json={"nights": [], "total": "", "difference": "+€88.00"})
    elif not name:
        imports = JOINED_IMPORTS if folder == "joined" else IMPORTS
        route.fulfill(body=PAGE % json.dumps({"imports": imports}), content_type="text/html")
    elif folder == "joined":
        route.fulfill(body=joined(MAIN), content_type="text/javascript")
    else:
        route.fulfill(path={"static": SCRIPTS, "tests": HERE}[folder] / name, content_type="text/javascript")


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.js")))
def test_module(page, name):
    page.goto(f"{ORIGIN}/")

    results = page.evaluate(RUN, f"/tests/{name}")

    assert results, "no test in it"
    failed = [f"{each['name']}: {each['error']}" for each in results if each["error"]]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("path", ["", "joined"])
def test_every_module_finds_what_it_imports(page, path):
    page.goto(f"{ORIGIN}/{path}")

    page.evaluate("async (names) => { for (const name of names) await import(name); }", sorted(MODULES))


def test_the_joined_modules_define_the_elements_of_every_page(page):
    page.goto(f"{ORIGIN}/joined")

    page.evaluate("import('main')")

    elements = [name.removeprefix("elements/") for name in needed_by(MAIN) if name.startswith("elements/")]
    assert page.evaluate("(names) => names.filter((name) => !customElements.get(name))", elements) == []
