"""Accessibility of a page as axe-core sees it: WCAG 2.2 A and AA, in light and in dark."""

from axe_playwright_python.base import AXE_SCRIPT

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The themes are one page in other colours: only what depends on those is asked about twice.
COLOURS = ["color-contrast", "link-in-text-block"]
CHECK = """async ([levels, colours]) => {
  const root = document.documentElement;
  const options = { resultTypes: ["violations"], preload: false };
  const check = async (runOnly) =>
    (await axe.run({ ...options, runOnly })).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${root.dataset.bsTheme}): ${html} ${failureSummary}`));
  const found = await check(levels);
  const theme = root.dataset.bsTheme;
  const still = document.createElement("style");
  still.textContent = "*, ::before, ::after { transition: none !important; }";
  document.head.append(still);
  root.dataset.bsTheme = theme === "dark" ? "light" : "dark";
  found.push(...(await check(colours)));
  root.dataset.bsTheme = theme;
  root.offsetWidth;  // has the styles of now computed, before they may move again
  still.remove();
  return found;
}"""


def violations(page):
    """One line for each element that breaks a rule in one of the themes; empty when there is none.

    axe writes a style element of its own: open the page with `bypass_csp=True`.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(CHECK, [LEVELS, COLOURS])
