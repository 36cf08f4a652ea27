"""Pages fit their windows: nobody scrolls sideways to read one."""

PHONES = (320, 390)
SCROLLS = """async () => {
  for (const _ of "12") await new Promise(requestAnimationFrame);  // observers of sizes have drawn
  return document.documentElement.scrollWidth > innerWidth;
}"""


def scrolls_sideways(page, *widths):
    """Those of these widths of the window, in pixels, at which the page is wider; by default of the one that it has."""
    before = page.viewport_size
    too_narrow = [width for width in widths or (before["width"],) if _scrolls_at(page, width)]
    page.set_viewport_size(before)
    return too_narrow


def _scrolls_at(page, width):
    page.set_viewport_size(page.viewport_size | {"width": width})
    return page.evaluate(SCROLLS)
