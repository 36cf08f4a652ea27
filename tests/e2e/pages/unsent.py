"""Recordings that a browser still keeps, and what a page offers to do with them. Verbs only."""

import base64
import uuid

from tests.e2e.menu import choose

# Through the page's own library, as the recorder does it.
KEEP = """async ({ recording, parts, hoursAgo }) => {
  const { addChunk, lockRecording, putRecording } = await import("lib/recording-store");
  const unlock = await lockRecording(recording.key);
  const startedAt = Date.now() - hoursAgo * 3600000;
  await putRecording({ ...recording, startedAt, levels: [20, 60, 40, 80], segments: 1 });
  for (const [index, part] of parts.entries()) {
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    const seconds = (recording.seconds * (index + 1)) / parts.length;
    await addChunk(recording.key, index, { blob: new Blob([bytes], { type: recording.type }), segment: 0, seconds });
  }
  unlock();
}"""
KEPT = """async () => (await (await import("lib/recording-store")).allRecordings()).map(({ key }) => key)"""

# `wait_for_function` takes the promise of an asynchronous function for a yes.
UNTIL_KEPT = """async (keys) => {
  const { allRecordings } = await import("lib/recording-store");
  const deadline = performance.now() + 10000;
  while ((await allRecordings()).some(({ key }) => !keys.includes(key))) {
    if (performance.now() > deadline) throw new Error("more is kept");
    await new Promise(requestAnimationFrame);
  }
}"""


class Unsent:
    def __init__(self, page):
        self.page = page
        self.panel = page.get_by_role("region", name="Not saved yet")
        self.offers = self.panel.get_by_role("listitem")
        self.dialog = page.get_by_role("dialog", name="Sign out?")

    def keep(self, sound, reference, *, chunks=6, hours_ago=0, **recording):
        """Put a recording into the browser's store; returns its key. `sound` is the path of a file."""
        data, key = sound.read_bytes(), str(uuid.uuid4())
        size = -(-len(data) // chunks) or 1
        parts = [base64.b64encode(data[start : start + size]).decode() for start in range(0, len(data), size)]
        target = {"reservation": reference, "label": "Amara Okafor", "url": f"/reservations/{reference}/"}
        facts = {"key": key, "target": target, "type": "audio/wav", "seconds": 8, "state": "stopped"}
        self.page.evaluate(KEEP, {"recording": facts | recording, "parts": parts, "hoursAgo": hours_ago})
        return key

    def kept(self):
        """The keys of all that this browser keeps."""
        return self.page.evaluate(KEPT)

    def wait_until_kept(self, keys):
        """Until nothing but these is kept."""
        self.page.evaluate(UNTIL_KEPT, keys)

    def press(self, name):
        self.panel.get_by_role("button", name=name, exact=True).click()

    def sign_out(self):
        choose(self.page, "button", "Sign out")

    def answer(self, name):
        self.dialog.get_by_role("button", name=name).click()
