// Sends one recording from this browser's store to the server, and reports what prevents it. It is a loop that compares
// what was asked for with what the server last said it has, does the next step, and compares again. So after any
// failure, or a restart on either side, the same few lines continue from where the server is.
// Events: "state" (detail: the server's state), "error" (detail: { kind, words }, kind one of "offline",
// "signed-out", "busy" and "refused"; all but "refused" are tried again by themselves) and "recovered" (the last error is over).
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
  #wanted = new Map(); // "stop", "save" and "discard", with who waits for it
  #hasAsked = false; // where the server stands
  #working = null;
  #delay = null; // of the work that is going on
  #isMore = false;
  #isDiscarded = false;
  #failures = 0;
  #error = "";
  #isAsked = false; // by someone who wants to hear of errors again
  #closing = new AbortController();

  get isFailing() {
    return Boolean(this.#error);
  }

  // `target` has `reservation` (a reference) or `property` (a key); `store` has `chunksOf(key)`. Whoever makes a session
  // has locked the key, see recording-store.
  constructor({ key, target, store = recordingStore }) {
    super();
    this.key = key;
    this.#address = addressOf(key);
    this.#target = { reservation: target.reservation, property: target.property };
    this.#store = store;
  }

  // Resolves when the server has all chunks there are, or refuses them.
  send() {
    this.#isMore = true;
    this.#working ??= this.#work();
    return this.#working;
  }

  // Nothing more will come: the server hears the end now. Resolves when it knows, or refuses.
  stop() {
    return this.#want("stop");
  }

  // Resolves to the note once the server has it, byte for byte as it is here: only then may the store forget it. Waits
  // as long as that takes; rejects with `UploadError` when the server refuses, and after `close()`.
  save() {
    return this.#want("save");
  }

  // The server forgets it, the store does not. Resolves when it has, or refuses.
  discard() {
    this.#settle("save", (waiting) => waiting.reject(new UploadError("refused")));
    this.#settle("stop", (waiting) => waiting.resolve());
    return this.#want("discard");
  }

  // Takes `discard()` back: what the server forgot is sent again.
  restore() {
    this.#settle("discard", (waiting) => waiting.resolve());
    this.#isDiscarded = false;
    this.#nudge();
    return this.send();
  }

  // Dispatches "state" as text comes, until all of it is there. For the time after `stop()`.
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
        const isHasty = this.state.transcribed_seconds === transcribed && performance.now() < soon; // it should have waited
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
    this.#nudge();
  }

  #want(verb) {
    if (!this.#wanted.has(verb)) this.#wanted.set(verb, withResolvers());
    const { promise } = this.#wanted.get(verb);
    this.#isAsked = true;
    this.#nudge();
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

  // Does what is next, and returns false when nothing is.
  async #step() {
    if (this.#wanted.has("discard")) return this.#sendDiscard();
    if (this.#isDiscarded) return false;
    if (!this.#hasAsked) return this.#ask();
    await this.#look();
    if (this.state.expected < this.#chunks.length) return this.#sendChunk(this.state.expected);
    if (this.#wanted.has("save")) return this.#sendSave();
    if (this.#wanted.has("stop")) return this.#sendStop();
    return false;
  }

  // Chunks are only ever added: those that were read once need not be read again.
  async #look() {
    if (this.state.expected >= this.#chunks.length) this.#chunks = await this.#store.chunksOf(this.key);
  }

  async #ask() {
    await this.#exchange("");
    this.#hasAsked = true;
    return true;
  }

  async #sendChunk(index) {
    const { blob, segment, seconds } = this.#chunks[index];
    await this.#exchange(`chunks/${index}/`, { ...this.#target, segment, seconds, chunk: blob });
    if (this.state.expected === index) throw new UploadError("busy"); // neither taken nor refused
    return true;
  }

  async #sendStop() {
    if (await this.#sendEnd("stop/")) this.#settle("stop", (waiting) => waiting.resolve());
    return true;
  }

  async #sendSave() {
    if (!(await this.#sendEnd("save/"))) return true;
    const { note, expected } = this.state;
    // After a crash the server can have more than this computer managed to keep, and then the note has all of that.
    const isAllHere = expected <= this.#chunks.length;
    if (isAllHere && note.sha256 !== (await recordingStore.sha256Of(this.#chunks)))
      throw new UploadError("refused", DIFFERENT);
    this.#settle("stop", (waiting) => waiting.resolve());
    this.#settle("save", (waiting) => waiting.resolve(note));
    return true;
  }

  // Returns whether the server has everything; when not, it has said what it wants next.
  async #sendEnd(path) {
    const chunks = Math.max(this.#chunks.length, this.state.expected);
    const isWhole = await this.#exchange(path, { chunks, seconds: this.#chunks.at(-1)?.seconds ?? 0 });
    if (!isWhole && this.state.expected >= chunks) throw new UploadError("busy");
    return isWhole;
  }

  async #sendDiscard() {
    const answer = await this.#fetch("discard/", { fields: {} });
    if (!answer.ok) throw await errorOf(answer);
    this.#take(EMPTY);
    this.#isDiscarded = this.#wanted.has("discard"); // or it was taken back while this was on its way
    this.#settle("discard", (waiting) => waiting.resolve());
    return true;
  }

  // Returns false for a 409, which is no error: its body is the server's state.
  async #exchange(path, fields) {
    const answer = await this.#fetch(path, { fields });
    if (answer.status === ERASED) await recordingStore.deleteRecording(this.key); // for good, here too
    if (!answer.ok && answer.status !== 409) throw await errorOf(answer);
    this.#take(await stateIn(answer));
    return answer.ok;
  }

  // Whether it arrived is not known when this throws: everything may be sent twice. The token is read each time, because
  // signing in again makes a new one.
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
    if (this.#closing.signal.aborted || (this.#error === message && !this.#isAsked)) return;
    this.#error = message;
    this.#isAsked = false;
    this.#dispatch("error", { kind, words: message });
  }

  // Until somebody asks for it again.
  #giveUp(error) {
    this.#isMore = false;
    this.#settle("stop", (waiting) => waiting.resolve());
    this.#settle("discard", (waiting) => waiting.resolve());
    this.#settle("save", (waiting) => waiting.reject(error));
    return false;
  }

  #nudge() {
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
