// One recording: its state, its chunks and its length. It uses neither the microphone nor the page.
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
  saving: { confirm: "saved", keep: "recorded", wait: "waiting" },
  waiting: { confirm: "saved", keep: "recorded" }, // it saves itself, and the next recording may begin
  discarded: { undo: "recorded" }, // until the next recording begins
  saved: {},
};
const LIVE = new Set(["recording", "paused", "reopening"]);
// States in which something that was spoken is not on the server's word.
const UNSAVED = new Set([...LIVE, "recorded", "saving"]);
const CHUNKS_BETWEEN_KEEPING = 5;

export class Recording {
  state = "idle";
  type = "";
  key = newKey();
  levels = []; // loudness 0-100, one for each slice of time, for the waveform
  segments = 0; // one for each time that a microphone was opened
  session = null;
  copy = null;
  #target;
  #startedAt = 0;
  #spoken = 0; // milliseconds before the last pause
  #since = null; // when the clock was started, null while it stands
  #now;

  constructor({ target = {}, now = () => performance.now() } = {}) {
    this.#target = target;
    this.#now = now;
  }

  // Returns false, and does nothing, when the move makes no sense now: a second press, a late event.
  move(verb) {
    const next = MOVES[this.state][verb];
    if (!next) return false;
    if (next === "recording") this.#since = this.#now();
    else this.#stopClock();
    this.state = next;
    return true;
  }

  // Time in which sound was taken; pauses do not count.
  get seconds() {
    const running = this.#since === null ? 0 : this.#now() - this.#since;
    return (this.#spoken + running) / 1000;
  }

  get isLive() {
    return LIVE.has(this.state);
  }

  get isUnsaved() {
    return UNSAVED.has(this.state);
  }

  // Closing the page would lose something: more is being spoken, or this browser cannot keep what was.
  get isAtRisk() {
    return this.isLive || (this.copy?.isInMemoryOnly && (this.isUnsaved || this.state === "waiting"));
  }

  // From now on each chunk is kept here, then sent.
  begin({ type }) {
    this.type = type;
    this.#startedAt = Date.now();
    this.copy = new BrowserCopy(this.key);
    this.session = new UploadSession({ key: this.key, target: this.#target, store: this.copy });
    this.keep("recording");
  }

  // Resolves when it is kept; it is sent after that.
  async add(blob, segment) {
    const chunk = { blob, segment, seconds: this.seconds };
    const index = await this.copy.add(chunk);
    if (index % CHUNKS_BETWEEN_KEEPING === 0 && this.isLive) this.keep("recording");
    this.session.send();
  }

  // `state` is what a later page finds after a crash: "recording", "stopped" or "discarded".
  keep(state) {
    const { key, type, seconds, levels, segments } = this;
    const facts = { key, type, seconds, levels, segments, state, startedAt: this.#startedAt, target: this.#target };
    return this.copy.keep(facts);
  }

  // What can be listened to; null when nothing was taken.
  async sound() {
    const chunks = await this.copy.chunksOf();
    return chunks.length ? soundOf(chunks) : null;
  }

  // This page no longer uses it: other pages may send what is still stored.
  release() {
    this.session?.close();
    return this.copy?.release();
  }

  // For a recording that the server has, or that was discarded.
  async forget() {
    await this.copy.forget();
    await this.release();
  }

  #stopClock() {
    this.#spoken = this.seconds * 1000;
    this.#since = null;
  }
}
