"""A manager erases a guest's voice notes, from the guest's page to the report, on a phone and in the dark."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
from tests.e2e.widths import scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]

NOTES = """
from tests.factories import *
from tests.notes.notes import make_note
guest = make_guest("Perpetua Vance")
stay = make_reservation(guest=guest)
make_note(reservation=stay, transcript="She wants a cot.")
make_note(reservation=stay, transcript="And towels.")
make_note(transcript="The key of Mrs Vance is at the bar.")
print("guest", guest.pk)
"""

# The browser that recorded it kept a copy, and sends it.
SENT_AGAIN = """async (key) => {
  const { addChunk, allRecordings, chunksOf, deleteRecording, putRecording } = await import("lib/recording-store");
  const { UploadSession } = await import("lib/upload-session");
  const target = { property: "1", label: "", url: "" };
  const facts = { type: "audio/webm", startedAt: Date.now(), seconds: 1, levels: [], state: "stopped", segments: 1 };
  await putRecording({ key, target, ...facts });
  await addChunk(key, 0, { blob: new Blob(["sound"]), segment: 0, seconds: 1 });
  const session = new UploadSession({ key, target });
  let kind;
  session.addEventListener("error", ({ detail }) => { kind = detail.kind; });
  await session.send();
  return [kind, (await chunksOf(key)).length + (await allRecordings()).length];
}"""


def test_a_guests_notes_are_erased_for_good_and_a_report_is_left(open_page, server):
    guest = re.search(r"guest (\d+)", server.run(NOTES))[1]
    page = open_page(viewport=PHONE, color_scheme="dark", bypass_csp=True)
    page.goto(f"/guests/{guest}/")
    fits(page)

    page.get_by_role("link", name="Erase all of them").click()
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    expect(page.get_by_text("The key of Mrs Vance")).to_be_visible()
    fits(page)
    page.get_by_label("Why").fill("Ms Vance wrote to us")
    page.get_by_role("button", name="Erase 2 voice notes for good").press("Enter")
    expect(page.get_by_text("Leave the guest’s name out")).to_be_visible()
    fits(page)
    page.get_by_label("Why").fill("Asked for by letter")
    page.get_by_role("button", name="Erase 2 voice notes for good").press("Enter")

    expect(page.get_by_role("heading", name="Report of an erasure")).to_be_visible()
    expect(page.get_by_text("Asked for by letter")).to_be_visible()
    fits(page)
    key = page.get_by_role("region", name="Keys of the notes").locator("code").first.inner_text()
    assert page.evaluate(SENT_AGAIN, key) == ["refused", 0]
    page.get_by_role("link", name="All reports").click()
    expect(page.get_by_role("cell", name=f"guest {guest}")).to_be_visible()
    fits(page)


def fits(page):
    assert violations(page) == []
    assert scrolls_sideways(page) == []
