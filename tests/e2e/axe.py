"""Accessibility of a page as axe-core sees it: WCAG 2.2 A and AA."""

from axe_playwright_python.sync_playwright import Axe

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": LEVELS, "resultTypes": ["violations"], "preload": False}


def violations(page):
    """One line for each element that breaks a rule; empty when there is none.

    axe writes a style element of its own: open the page with `bypass_csp=True`.
    """
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
