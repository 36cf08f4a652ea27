"""A word that is pressed is heard: measured by the sound that the page plays, not by what its player claims.

Each recording is one that browsers do not play, or lose their place in. The page's own <audio> is recorded while it
plays, and what came out is looked for in the server's decoding of the file that was sent.
"""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from notes.sound import audio
from tests.e2e.pages.note import NoteDesk
from tests.notes.clips import browser_recording, fragmented, late_from, recording, silence, vbr_mp3

pytestmark = pytest.mark.e2e

RATE = audio.SAMPLE_RATE
SECONDS = 14
PRESSED = 10  # the word that begins at this second
MOST_APART = 0.3
HELD_UP = 5  # seconds
KINDS = {
    "ALAC": lambda samples: recording("m4a-alac", samples),
    "AMR": lambda samples: recording("amr", samples),
    "WMA": lambda samples: recording("wma2", samples),
    "MP3 without an index": lambda samples: vbr_mp3(
        np.concatenate([samples[: 4 * RATE], silence(4), samples[8 * RATE :]])
    ),
    "MP4 in fragments": fragmented,
    "WebM with a hole": lambda samples: late_from(browser_recording(samples), second=6, by=HELD_UP),
    "Ogg": lambda samples: recording("ogg", samples),
}
NOTES = """
import json, pathlib, uuid
from notes.files.audio import storing
from notes.ingest import intake
from tests.factories import make_hotel, make_reservation, tom_byrne
from tests.notes.notes import make_transcript
stay = make_reservation(make_hotel(rooms=(), name="Hotel of those who are heard"), guest="Ada Lauscher")
tom = tom_byrne()
words = [
    {"start": float(second), "end": second + 0.9, "text": f"word-{second}", "probability": 0.9} for second in range(14)
]
segments = [{"start": 0.0, "end": 14.0, "text": " ".join(word["text"] for word in words), "words": words}]
keys = {}
for path in pathlib.Path(FOLDER).iterdir():
    incoming = intake.IncomingAudio(uuid.uuid4(), stay.pk, stay.property_id, "0" * 64)
    with storing():
        note = intake.keep(incoming, path, author=tom, also=lambda note: None, status="transcribed")
    make_transcript(note, text=segments[0]["text"], machine_text=segments[0]["text"], segments=segments)
    keys[path.name] = str(note.pk)
print("made", json.dumps([stay.reference, keys]))
"""
# What the element plays, at RATE, from when it is pressed until enough has sounded; it goes on to the loudspeaker.
RECORD = """
async ([key, rate]) => {
  const row = document.getElementById(`note-${key}`);
  const sound = row.querySelector("audio");
  const context = (window.context ??= new AudioContext({ sampleRate: rate }));
  const recorder = context.createScriptProcessor(2048, 1, 1);
  const heard = [];
  const isEnough = new Promise((enough) => {
    recorder.onaudioprocess = ({ inputBuffer }) => {
      const block = inputBuffer.getChannelData(0);
      if (heard.length || block.some((level) => Math.abs(level) > 0.002)) heard.push(...block);
      if (heard.length > 1.5 * rate) enough();
    };
    sound.addEventListener("error", enough);
    setTimeout(enough, 20_000); // it is silent
  });
  context.createMediaElementSource(sound).connect(recorder);
  recorder.connect(context.destination);
  row.querySelector('.w[data-start="10.0"]').click();
  await isEnough;
  recorder.disconnect();
  sound.pause();
  return { duration: sound.duration, samples: heard.map((level) => Math.round(level * 32767)) };
}
"""


def speech():
    """Notes of random lengths and pitches: no second is like another."""
    chance, samples, at = np.random.default_rng(8), np.zeros(SECONDS * RATE, np.float32), 0
    while at < len(samples):
        length, hertz = int(chance.uniform(0.08, 0.25) * RATE), chance.uniform(200, 1500)
        note = 0.5 * np.sin(2 * np.pi * hertz * np.arange(length) / RATE) * np.hanning(length)
        samples[at : at + length] = note[: len(samples) - at]
        at += length
    return samples


@pytest.fixture
def files(tmp_path):
    folder, samples = tmp_path / "sent", speech()
    folder.mkdir()
    for kind, make in KINDS.items():
        (folder / kind).write_bytes(make(samples))
    return folder


@pytest.mark.full
def test_a_pressed_word_is_what_is_heard_whatever_was_sent(server, page, files):
    said = server.run(f"FOLDER = {str(files)!r}\n{NOTES}")
    reference, keys = json.loads(said.partition("made ")[2])

    NoteDesk(page, reference).open()
    expect(page.locator("[data-note] audio")).to_have_count(len(KINDS), timeout=60_000)  # some had to be prepared
    heard = {kind: page.evaluate(RECORD, [keys[kind], RATE]) for kind in KINDS}

    apart = {kind: place(heard[kind]["samples"], files / kind) - PRESSED for kind in KINDS}
    assert {kind: seconds for kind, seconds in apart.items() if abs(seconds) > MOST_APART} == {}
    lengths = {kind: heard[kind]["duration"] for kind in KINDS}
    assert lengths == dict.fromkeys(KINDS, pytest.approx(SECONDS, abs=0.2))
    expect(page.get_by_text(f"Nothing was recorded for {HELD_UP} s at 0:06.")).to_have_count(1)


def place(samples, path):
    """The second of the recording that begins with the first sound of `samples`; infinity when they are silent."""
    sound, whole = np.array(samples, float), audio.decode(path, max_seconds=60).samples.astype(float)
    sounding = np.flatnonzero(np.abs(sound) > 60)
    if not len(sounding):
        return np.inf
    part = sound[sounding[0] :][:RATE]
    size = 1 << (len(whole) + len(part)).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(whole, size) * np.fft.rfft(part, size).conj(), size)[
        : len(whole) - len(part) + 1
    ]
    squares = np.concatenate([[0], np.cumsum(whole**2)])
    loudness = np.sqrt(squares[len(part) :] - squares[: -len(part)] + 1)
    return (likeness / loudness).argmax() / RATE
