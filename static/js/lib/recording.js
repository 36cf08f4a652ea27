// One recording: where it stands, what was spoken so far, for how long. Knows no microphone and no page.
import { newKey } from "lib/keys";

const MOVES = {
  idle: { ask: "asking" },
  asking: { open: "recording", refuse: "idle" },
  recording: { pause: "paused", stop: "recorded" },
  paused: { resume: "recording", stop: "recorded" },
  recorded: { save: "saving", discard: "discarded" },
  saving: { confirm: "saved", keep: "recorded" },
  discarded: { undo: "recorded" }, // until the next recording begins
  saved: {},
};
// States in which leaving the page would lose something that was spoken.
const UNSAVED = new Set(["recording", "paused", "recorded", "saving"]);
const EXTENSIONS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };

// Where chunks wait until the server has confirmed the note. A store that survives a crash has the same two methods.
export class ChunksInMemory {
  #chunks = [];

  async add(chunk) {
    this.#chunks.push(chunk);
  }

  async all() {
    return this.#chunks;
  }
}

export class Recording {
  state = "idle";
  type = "";
  key = newKey();
  levels = []; // loudness 0-100, one for each slice of time, for the waveform
  #spoken = 0; // milliseconds before the last pause
  #since = null; // when the clock was started, null while it stands
  #chunks;
  #now;

  constructor({ chunks = new ChunksInMemory(), now = () => performance.now() } = {}) {
    this.#chunks = chunks;
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

  get isUnsaved() {
    return UNSAVED.has(this.state);
  }

  add(chunk) {
    return this.#chunks.add(chunk);
  }

  // Only all chunks in order are a sound file; one alone is not. Null when nothing was taken.
  async file() {
    const chunks = await this.#chunks.all();
    if (!chunks.length) return null;
    const type = (this.type || chunks[0].type).split(";")[0];
    return new File(chunks, `note.${EXTENSIONS[type] ?? "webm"}`, { type });
  }

  #stopClock() {
    this.#spoken = this.seconds * 1000;
    this.#since = null;
  }
}
