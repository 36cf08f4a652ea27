// One recording: its state, chunks and length. It uses neither microphone nor page.
import { BrowserCopy } from "lib/browser-copy";
import { newKey } from "lib/keys";
import { soundOf } from "lib/sound-file";
import { UploadSession } from "lib/upload-session";

const MOVES = {
  idle: { ask: "asking" },
  asking: { open: "recording", refuse: "idle" },
  recording: { pause: "paused", stop: "recorded" },
  paused: { resume: "recording", reopen: "reopening", stop: "recorded" },
  reopening: { open: "recording", refuse: "paused", stop: "recorded" },
  recorded: { save: "saving", discard: "discarded" },
  saving: { confirm: "saved", keep: "recorded", wait: "waiting", undo: "undone" },
  waiting: { confirm: "saved", keep: "recorded", undo: "undone" }, // for the server; the next recording may begin
  discarded: { undo: "recorded" }, // until the next recording begins
  saved: { undo: "undone" }, // as above
  undone: {},
};
const LIVE = new Set(["recording", "paused", "reopening"]);
// States in which the server has not confirmed the note.
const UNSAVED = new Set([...LIVE, "recorded", "saving"]);
const CHUNKS_BETWEEN_KEEPING = 5;

export class Recording {
  state = "idle";
  type = "";
  key = newKey();
  levels = []; // loudness 0-100, one for each slice of time, for the waveform
  segments = 0; // how often a microphone was opened
  session = null;
  copy = null;
  #target;
  #startedAt = 0;
  #recorded = 0; // milliseconds before the last pause
  #since = null; // when the clock was started; null while it is stopped
  #now;

  constructor({ target = {}, now = () => performance.now() } = {}) {
    this.#target = target;
    this.#now = now;
  }

  // Changes the state. Returns false, and does nothing, when the move is not possible now: a second press, a late
  // event.
  move(verb) {
    const next = MOVES[this.state][verb];
    if (!next) return false;
    if (next === "recording") this.#since = this.#now();
    else this.#stopClock();
    this.state = next;
    return true;
  }

  // The time that was recorded, without pauses.
  get seconds() {
    const running = this.#since === null ? 0 : this.#now() - this.#since;
    return (this.#recorded + running) / 1000;
  }

  get isLive() {
    return LIVE.has(this.state);
  }

  get isUnsaved() {
    return UNSAVED.has(this.state);
  }

  // Whether closing the page would lose something: it is still recording, or this browser cannot store the recording.
  get isAtRisk() {
    return this.isLive || (this.copy?.isInMemoryOnly && (this.isUnsaved || this.state === "waiting"));
  }

  // Starts storing and sending; `type` is the MIME type of the chunks.
  begin({ type }) {
    this.type = type;
    this.#startedAt = Date.now();
    this.#store();
    this.keep("recording");
  }

  // For a save that is undone: resolves to the same sound as a recording of its own, once this browser has stored it.
  // The server has nothing of it until it is saved.
  async again() {
    const again = new Recording({ target: this.#target, now: this.#now });
    const { type, levels, segments } = this;
    Object.assign(again, { type, levels, segments, state: "recorded" });
    again.#startedAt = this.#startedAt;
    again.#recorded = this.#recorded;
    again.#store();
    for (const chunk of await this.copy.chunksOf()) await again.copy.add(chunk);
    await again.keep("stopped");
    return again;
  }

  // Resolves when the chunk is stored; it is sent after that.
  async add(blob, segment) {
    const chunk = { blob, segment, seconds: this.seconds };
    const index = await this.copy.add(chunk);
    if (index % CHUNKS_BETWEEN_KEEPING === 0 && this.isLive) this.keep("recording");
    this.session.send();
  }

  // Stores the recording's data with `state`, "recording", "stopped" or "discarded", for a later page.
  keep(state) {
    const { key, type, seconds, levels, segments } = this;
    const facts = { key, type, seconds, levels, segments, state, startedAt: this.#startedAt, target: this.#target };
    return this.copy.keep(facts);
  }

  // Resolves to a file that can be played; null without chunks.
  async sound() {
    const chunks = await this.copy.chunksOf();
    return chunks.length ? soundOf(chunks) : null;
  }

  // This page no longer uses it: other pages may send what is still stored.
  release() {
    this.session?.close();
    return this.copy?.release();
  }

  // Deletes this browser's copy, after the server has saved or discarded the recording. Until the page is left the sound
  // is in its memory, for `again`.
  async forget() {
    await this.copy.forget();
    await this.copy.release();
  }

  #store() {
    this.copy = new BrowserCopy(this.key);
    this.session = new UploadSession({ key: this.key, target: this.#target, store: this.copy });
  }

  #stopClock() {
    this.#recorded = this.seconds * 1000;
    this.#since = null;
  }
}
