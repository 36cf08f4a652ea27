"""From *Stop* to the complete text on the page, with a real browser, web server and worker.

`spoken`: recorded through the fake microphone; heard piece by piece, so that only the tail is left after *Stop*.
`uploaded`: the same sound as one file, sent when it is complete, which is what happened before there were pieces.
The server of `uploaded` decides how it is heard: by the warm worker, or as one would write it first (`naive`).
"""

import statistics
import sys
import time
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tests.chromium import launch_options
from tests.server import RunningServer

# Both run in the page, and note what is on the screen with the very frame that draws it.
STOPWATCH = """
() => {
  const done = () => {
    const lead = document.querySelector("[data-text-lead]");
    return document.querySelector("[data-text]").textContent && !lead.textContent;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-do=stop]")) window.startedAt = performance.now();
  }, true);
  new MutationObserver(() => {
    if (window.startedAt && !window.waited && done()) window.waited = (performance.now() - window.startedAt) / 1000;
  }).observe(document.querySelector("voice-recorder"), { subtree: true, childList: true, characterData: true });
}
"""
UPLOADWATCH = """
() => {
  const known = new Set([...document.querySelectorAll("li.note")].map((note) => note.id));
  document.addEventListener("change", () => (window.startedAt ??= performance.now()), true);
  new MutationObserver(() => {
    const notes = [...document.querySelectorAll("li.note[data-status=transcribed]")];
    if (window.startedAt && !window.waited && notes.some((note) => !known.has(note.id)))
      window.waited = (performance.now() - window.startedAt) / 1000;
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}
"""
PATIENCE_MILLISECONDS = 120_000


def spoken(clips, var):
    """Median seconds for each length of `clips` (seconds → several 48 kHz WAVs), one person at a time."""
    with _desks(var) as open_desk:
        shortest = min(clips)
        _speak(open_desk, (shortest, clips[shortest][0]))  # warms worker, caches and browser
        return {
            length: statistics.median(_speak(open_desk, (length, wav))[0] for wav in wavs)
            for length, wavs in clips.items()
        }


def spoken_at_once(clip, var, *, people):
    """The seconds that each of `people` waits who speak the (seconds, WAV) at the same time and stop together."""
    with _desks(var) as open_desk:
        _speak(open_desk, (5, clip[1]), people=1)
        return _speak(open_desk, clip, people=people)


def uploaded(files, var, *, repeat, **environment):
    """Median seconds for each length of `files` (seconds → what a browser would have recorded)."""
    with _desks(var, **environment) as open_desk:
        _upload(open_desk, min(files.items()))
        return {
            length: statistics.median(_upload(open_desk, (length, file)) for _ in range(repeat))
            for length, file in files.items()
        }


@contextmanager
def _desks(var, **environment):
    """Inside, `open_desk(microphone=WAV, people=n)`: pages of a reservation, in a browser that is closed afterwards."""
    with RunningServer(var, **environment) as server, sync_playwright() as playwright:
        account = server.make_user()
        server.run("from tests.factories import make_reservation; make_reservation()")

        @contextmanager
        def open_desk(*, microphone=None, people=1):
            with playwright.chromium.launch(**launch_options(microphone=microphone)) as browser:
                yield [_open(browser, server, account) for _ in range(people)]

        yield open_desk


def _speak(open_desk, clip, *, people=1):
    length, wav = clip
    with open_desk(microphone=wav, people=people) as pages:
        for page in pages:
            page.get_by_role("button", name="Record a voice note").click()
        for page in pages:
            page.get_by_role("button", name="Stop").wait_for()
        time.sleep(length)
        for page in pages:
            page.evaluate(STOPWATCH)
        for page in pages:
            page.evaluate("() => document.querySelector('[data-do=stop]').click()")
        waits = [_waited(page) for page in pages]
    print(f"  {length} s spoken by {people}: {', '.join(f'{wait:.2f}' for wait in waits)} s", file=sys.stderr)
    return waits


def _upload(open_desk, file):
    length, path = file
    with open_desk() as [page]:
        page.evaluate(UPLOADWATCH)
        page.get_by_label("Upload a file").set_input_files(path)
        waited = _waited(page)
    print(f"  {length} s uploaded: {waited:.2f} s", file=sys.stderr)
    return waited


def _waited(page):
    page.wait_for_function("() => window.waited", timeout=PATIENCE_MILLISECONDS)
    return page.evaluate("() => window.waited")


def _open(browser, server, account):
    page = browser.new_context(base_url=server.url).new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(account[0])
    page.get_by_label("Password").fill(account[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")
    page.evaluate("() => localStorage.setItem('listen-first', 'on')")  # the text so far is shown under the recorder
    page.goto("/reservations/")
    page.get_by_role("link", name="Amara Okafor").click()
    page.get_by_role("button", name="Record a voice note").wait_for()
    return page
