// Sends one recording from this browser's store to the server. A loop compares what is wanted with what the server last
// said that it has, does the next step, and compares again. So it continues from the server's state after any failure,
// and after a restart of either side.
// Events: "state" (detail: the server's state), "error" (detail: { kind, words }, kind one of "offline",
// "signed-out", "busy" and "refused"; after all but "refused" it tries again) and "recovered" (the last error is over).
import { csrfToken } from "lib/cookies";
import { firstOf, withResolvers } from "lib/promises";
import { addressOf } from "lib/recording-address";
import * as recordingStore from "lib/recording-store";
import { RetryDelay } from "lib/retry-delay";
import { asUploadError, errorOf, UploadError } from "lib/upload-error";

const ANSWER_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = [500, 1000, 2000, 4000, 5000];
const SOON_MILLISECONDS = 500;
const SIGNED_OUT_MILLISECONDS = 5000;
const ERASED = 410;
const DIFFERENT = "The server’s copy differs from the one on this computer, which is kept.";
const EMPTY = { expected: 0, text: "", transcribed_seconds: 0, is_transcribed: false, note: null };

export class UploadSession extends EventTarget {
  state = EMPTY;
  #address;
  #target;
  #store;
  #chunks = [];
  #wanted = new Map(); // "stop", "save", "discard" and "undo", with the promise of each
  #hasState = false; // whether the server has told its state
  #working = null;
  #delay = null; // the RetryDelay of the running loop
  #isMore = false; // whether something was added while the loop was running
  #isDiscarded = false;
  #failures = 0;
  #error = "";
  #reportsAgain = false; // report the next error even if it is the same as before
  #closing = new AbortController();

  get isFailing() {
    return Boolean(this.#error);
  }

  // `target` has `reservation` (a reference) or `property` (a key); `store` has `chunksOf(key)`. The caller must have
  // locked the key, see recording-store.
  constructor({ key, target, store = recordingStore }) {
    super();
    this.key = key;
    this.#address = addressOf(key);
    this.#target = { reservation: target.reservation, property: target.property };
    this.#store = store;
  }

  // Sends new chunks. Resolves when the server has all of them, or refuses.
  send() {
    this.#isMore = true;
    this.#working ??= this.#work();
    return this.#working;
  }

  // Tells the server that there will be no more chunks. Resolves when it knows, or refuses.
  stop() {
    return this.#request("stop");
  }

  // Resolves to the note when the server has it with the same bytes as here; only then may the store delete its copy.
  // Waits as long as necessary. Rejects with `UploadError` when the server refuses, and after `close()`.
  save() {
    return this.#request("save");
  }

  // Deletes the recording on the server, and not in the store. Resolves when that is done, or refused.
  discard() {
    return this.#delete("discard");
  }

  // As `discard()`, also when the server has saved the recording, or just saves it.
  undo() {
    return this.#delete("undo");
  }

  // Undoes `discard()`: everything is sent again.
  restore() {
    this.#settle("discard", (waiting) => waiting.resolve());
    this.#isDiscarded = false;
    this.#cutDelay();
    return this.send();
  }

  // After `stop()`: dispatches "state" whenever there is more text, until all of it is there.
  async follow(signal) {
    const delay = new RetryDelay();
    for (let failures = 0; !this.state.is_transcribed && !signal.aborted; ) {
      const { transcribed_seconds: transcribed } = this.state;
      const soon = performance.now() + SOON_MILLISECONDS;
      try {
        const answer = await this.#fetch(`?wait=1&transcribed=${transcribed}`, { signal });
        if (!answer.ok) throw await errorOf(answer);
        this.#take(await stateIn(answer));
        failures = 0;
        const isHasty = this.state.transcribed_seconds === transcribed && performance.now() < soon; // it should wait
        if (isHasty) await delay.wait(SOON_MILLISECONDS);
      } catch {
        failures = (await delay.wait(delayAfter(failures))) ? 0 : failures + 1;
      }
    }
    delay.end();
  }

  close() {
    this.#closing.abort();
    this.#giveUp(new UploadError("refused"));
    this.#cutDelay();
  }

  #delete(verb) {
    this.#settle("save", (waiting) => waiting.reject(new UploadError("refused")));
    this.#settle("stop", (waiting) => waiting.resolve());
    return this.#request(verb);
  }

  #request(verb) {
    if (!this.#wanted.has(verb)) this.#wanted.set(verb, withResolvers());
    const { promise } = this.#wanted.get(verb);
    this.#reportsAgain = true;
    this.#cutDelay();
    this.send();
    return promise;
  }

  #settle(verb, how) {
    const waiting = this.#wanted.get(verb);
    this.#wanted.delete(verb);
    if (waiting) how(waiting);
  }

  async #work() {
    this.#delay = new RetryDelay();
    try {
      while (!this.#closing.signal.aborted) {
        this.#isMore = false;
        if (!(await this.#tryStep()) && !this.#isMore) return;
      }
    } finally {
      this.#delay.end();
      this.#working = null;
    }
  }

  async #tryStep() {
    try {
      const isDone = await this.#step();
      if (isDone) this.#recover();
      return isDone;
    } catch (cause) {
      const error = asUploadError(cause);
      this.#report(error);
      if (error.kind === "refused") return this.#giveUp(error);
      const pause = error.kind === "signed-out" ? SIGNED_OUT_MILLISECONDS : delayAfter(this.#failures);
      this.#failures = (await this.#delay.wait(pause)) ? 0 : this.#failures + 1;
      return true;
    }
  }

  // Does the next step; returns false when there is nothing to do.
  async #step() {
    if (this.#wanted.has("undo")) return this.#sendDelete("undo");
    if (this.#wanted.has("discard")) return this.#sendDelete("discard");
    if (this.#isDiscarded) return false;
    if (!this.#hasState) return this.#fetchState();
    await this.#readChunks();
    if (this.state.expected < this.#chunks.length) return this.#sendChunk(this.state.expected);
    if (this.#wanted.has("save")) return this.#sendSave();
    if (this.#wanted.has("stop")) return this.#sendStop();
    return false;
  }

  // Chunks are never changed, so they are read again only when there may be new ones.
  async #readChunks() {
    if (this.state.expected >= this.#chunks.length) this.#chunks = await this.#store.chunksOf(this.key);
  }

  async #fetchState() {
    await this.#exchange("");
    this.#hasState = true;
    return true;
  }

  async #sendChunk(index) {
    const { blob, segment, seconds } = this.#chunks[index];
    await this.#exchange(`chunks/${index}/`, { ...this.#target, segment, seconds, chunk: blob });
    if (this.state.expected === index) throw new UploadError("busy"); // the chunk was neither taken nor refused
    return true;
  }

  async #sendStop() {
    if (await this.#sendEnd("stop/")) this.#settle("stop", (waiting) => waiting.resolve());
    return true;
  }

  async #sendSave() {
    if (!(await this.#sendEnd("save/"))) return true;
    const { note, expected } = this.state;
    // After a crash the server may have more chunks than this computer; then they are all in the note.
    const isAllHere = expected <= this.#chunks.length;
    if (isAllHere && note.sha256 !== (await recordingStore.sha256Of(this.#chunks)))
      throw new UploadError("refused", DIFFERENT);
    this.#settle("stop", (waiting) => waiting.resolve());
    this.#settle("save", (waiting) => waiting.resolve(note));
    return true;
  }

  // Returns whether the server has everything; if not, its state says which chunk is missing.
  async #sendEnd(path) {
    const chunks = Math.max(this.#chunks.length, this.state.expected);
    const isWhole = await this.#exchange(path, { chunks, seconds: this.#chunks.at(-1)?.seconds ?? 0 });
    if (!isWhole && this.state.expected >= chunks) throw new UploadError("busy");
    return isWhole;
  }

  async #sendDelete(verb) {
    const answer = await this.#fetch(`${verb}/`, { fields: {} });
    if (!answer.ok) throw await errorOf(answer);
    this.#take(EMPTY);
    this.#isDiscarded = this.#wanted.has(verb); // false if restore() was called meanwhile
    this.#settle(verb, (waiting) => waiting.resolve());
    return true;
  }

  // Returns false for a 409, which is no error: its body is the server's state.
  async #exchange(path, fields) {
    const answer = await this.#fetch(path, { fields });
    if (answer.status === ERASED) await recordingStore.deleteRecording(this.key); // it is deleted here, too
    if (!answer.ok && answer.status !== 409) throw await errorOf(answer);
    this.#take(await stateIn(answer));
    return answer.ok;
  }

  // When this throws, the request may have arrived all the same, so every request may be repeated. The CSRF token is
  // read each time, because signing in makes a new one.
  #fetch(path, { fields, signal = this.#closing.signal }) {
    const signals = [signal, this.#closing.signal, AbortSignal.timeout(ANSWER_MILLISECONDS)];
    const options = { redirect: "manual", cache: "no-store", signal: firstOf(signals) };
    const post = fields && { method: "POST", headers: { "X-CSRFToken": csrfToken() }, body: formOf(fields) };
    return fetch(this.#address + path, { ...options, ...post }).catch(() => raise("offline"));
  }

  #take(state) {
    this.state = state;
    this.#dispatch("state", state);
  }

  #recover() {
    this.#failures = 0;
    const wasFailing = this.isFailing;
    this.#error = "";
    if (wasFailing) this.#dispatch("recovered");
  }

  #report({ kind, message }) {
    if (this.#closing.signal.aborted || (this.#error === message && !this.#reportsAgain)) return;
    this.#error = message;
    this.#reportsAgain = false;
    this.#dispatch("error", { kind, words: message });
  }

  // Stops the loop until something is wanted again.
  #giveUp(error) {
    this.#isMore = false;
    this.#settle("stop", (waiting) => waiting.resolve());
    for (const verb of ["discard", "undo"]) this.#settle(verb, (waiting) => waiting.resolve());
    this.#settle("save", (waiting) => waiting.reject(error));
    return false;
  }

  #cutDelay() {
    this.#delay?.cut();
  }

  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// A proxy may have answered with a page of its own.
function stateIn(answer) {
  return answer.json().catch(() => raise("busy"));
}

function raise(kind) {
  throw new UploadError(kind);
}

function formOf(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  return form;
}

function delayAfter(failures) {
  return RETRY_MILLISECONDS[Math.min(failures, RETRY_MILLISECONDS.length - 1)];
}
