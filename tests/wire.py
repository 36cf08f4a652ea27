"""What goes over the line to a browser's page, and how much the page moves while it loads."""

# Puts `shift`, the sum of Chromium's layout shifts that nobody's click or key has caused, into `window.figures`.
WATCH_SHIFT = """
window.figures = { shift: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.figures.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""

# Makes a page take the browser's user for one who saves data, so that it reads no modules ahead.
SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


class Wire:
    """Counts the responses to a page of Chromium that its cache did not have. `tools` is its CDP session."""

    def __init__(self, page):
        self.tools = page.context.new_cdp_session(page)
        self._sizes, self._cached = {}, set()
        self.tools.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        self.tools.on("Network.responseReceived", self._received)
        self.tools.on("Network.loadingFinished", self._finished)
        self.tools.send("Network.enable")

    def _received(self, event):
        if event["response"]["fromDiskCache"] or event["response"]["url"].startswith("data:"):
            self._cached.add(event["requestId"])

    def _finished(self, event):
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    @property
    def sent(self):
        """The bytes of each response that came over the line, with its headers, in a new list."""
        return [size for key, size in self._sizes.items() if key not in self._cached]
