"""Accessibility of a page as axe-core sees it: WCAG 2.2 A and AA, in light and in dark.

What sticks to an edge of the window, such as the search on a phone, is measured at its own place in the page. Otherwise
a target that has been scrolled half under it would count as too small or too near, which is a fault of none of them and
depends on where the page happens to be. What is fixed needs no care: axe compares it only with what is fixed, too.
"""

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
  const styled = (rule) => {
    const style = document.createElement("style");
    style.textContent = rule;
    document.head.append(style);
    return style;
  };
  const sticky = [...document.querySelectorAll("*")].filter((each) => getComputedStyle(each).position === "sticky");
  const unstuck = styled("[data-unstuck] { inset: auto !important; }");
  for (const each of sticky) each.toggleAttribute("data-unstuck", true);
  const found = await check(levels);
  const theme = root.dataset.bsTheme;
  const still = styled("*, ::before, ::after { transition: none !important; }");
  root.dataset.bsTheme = theme === "dark" ? "light" : "dark";
  found.push(...(await check(colours)));
  root.dataset.bsTheme = theme;
  root.offsetWidth;  // has the styles of now computed, before they may move again
  still.remove();
  for (const each of sticky) each.toggleAttribute("data-unstuck", false);
  unstuck.remove();
  return found;
}"""


def violations(page):
    """One line for each element that breaks a rule in one of the themes; empty when there is none.

    axe writes a style element of its own: open the page with `bypass_csp=True`.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(CHECK, [LEVELS, COLOURS])
