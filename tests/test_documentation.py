"""What the documentation names is there: files and folders, sections that links lead to, and the slots of pages."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"]
# Files that somebody makes who follows a recipe, and what a running Roomtone makes.
EXAMPLES = {
    "notes/engines/NAME.py",
    "reservations/forms/staying.py",
    "reservations/views/staying.py",
    "templates/reservations/staying.html",
    "tests/reservations/test_staying.py",
    "clients/python",
}


def text_of(page):
    return (ROOT / page).read_text()


def folders():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {path.partition("/")[0] for path in tracked.splitlines() if "/" in path}


def paths_in(text):
    """What stands in backquotes, or behind `participant` in a diagram, and begins with a folder of the repository."""
    words = {word for quoted in re.findall(r"`([^`\n]+)`", text) for word in quoted.split()}
    words |= {word for line in re.findall(r"^ *participant (.+)$", text, re.MULTILINE) for word in line.split()}
    tops = folders()
    return {word for word in words if word.partition("/")[0] in tops and re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", word)}


def anchors_of(page):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_files_and_folders_that_a_page_names_are_there(page):
    gone = {path for path in paths_in(text_of(page)) if "/" in path and not (ROOT / path).exists()}

    assert {path.rstrip("/") for path in gone} - EXAMPLES == set()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text_of(page))

    for path, anchor in links:
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), path
        assert not anchor or anchor in anchors_of(target.relative_to(ROOT) if path else page), anchor


def test_the_architecture_page_lists_each_slot():
    used = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% slot "([^"]+)"', file.read_text())
    }

    [table] = re.findall(r"^\| slot \|.*?(?=^$)", text_of("docs/architecture.md"), re.MULTILINE | re.DOTALL)
    assert {name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])} == used
