// This browser's copy of one recording: on the disk before it is sent, and in memory, in case the disk fails.
import * as recordingStore from "lib/recording-store";

export class BrowserCopy extends EventTarget {
  isInMemoryOnly = false; // at least in part
  #key;
  #chunks = [];
  #last; // the last write: each waits for the one before
  #lock;

  constructor(key) {
    super();
    this.#key = key;
    this.#lock = recordingStore.lockRecording(key).catch(() => null);
    this.#last = this.#lock; // no other page can find it before this page has locked it
  }

  // Resolves to the chunk's index when it is on the disk; in memory if the disk fails.
  add(chunk) {
    return this.#queue(() => this.#write(chunk));
  }

  keep(facts) {
    return this.#queue(() => this.#try(() => recordingStore.putRecording(facts)));
  }

  get count() {
    return this.#chunks.length;
  }

  // For UploadSession, whose store this is.
  async chunksOf() {
    await this.#last;
    return this.#chunks;
  }

  async forget() {
    await this.#last;
    await recordingStore.deleteRecording(this.#key).catch(() => {}); // the next page finds it, and asks the server
  }

  async release() {
    (await this.#lock)?.();
  }

  #queue(step) {
    this.#last = this.#last.then(step);
    return this.#last;
  }

  // After the first failure nothing more is stored, so that the store has the beginning without gaps.
  async #write(chunk) {
    const index = this.#chunks.length;
    await this.#try(() => recordingStore.addChunk(this.#key, index, chunk));
    this.#chunks.push(chunk);
    return index;
  }

  // Dispatches "only-in-memory" (detail: the StoreError's name) at the first failure.
  async #try(write) {
    if (this.isInMemoryOnly) return;
    try {
      await write();
    } catch (error) {
      this.isInMemoryOnly = true;
      this.dispatchEvent(new CustomEvent("only-in-memory", { detail: error.name }));
    }
  }
}
