// This browser's copy of one recording: on the disk before anybody is sent it, and in memory for when the disk refuses.
import * as recordingStore from "lib/recording-store";

export class BrowserCopy extends EventTarget {
  isInMemoryOnly = false; // at least in part
  #key;
  #chunks = [];
  #last; // one is written after the other
  #lock;

  constructor(key) {
    super();
    this.#key = key;
    this.#lock = recordingStore.lockRecording(key).catch(() => null);
    this.#last = this.#lock; // nobody finds it before this page has it
  }

  // Resolves to its index when it is as safe as it can be here.
  add(chunk) {
    return this.#queue(() => this.#write(chunk));
  }

  keep(facts) {
    return this.#queue(() => this.#try(() => recordingStore.putRecording(facts)));
  }

  get count() {
    return this.#chunks.length;
  }

  // What a session asks its store.
  async chunksOf() {
    await this.#last;
    return this.#chunks;
  }

  async forget() {
    await this.#last;
    await recordingStore.deleteRecording(this.#key).catch(() => {}); // then it is looked at again, and the server knows its key
  }

  async release() {
    (await this.#lock)?.();
  }

  #queue(step) {
    this.#last = this.#last.then(step);
    return this.#last;
  }

  // Not after the first failure: what a crash leaves is the beginning without a gap.
  async #write(chunk) {
    const index = this.#chunks.length;
    await this.#try(() => recordingStore.addChunk(this.#key, index, chunk));
    this.#chunks.push(chunk);
    return index;
  }

  // Dispatches "only-in-memory" (detail: the StoreError's name) when this computer does not keep it, once.
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
