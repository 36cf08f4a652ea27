// The delay before a failed request is sent again. It is cut short when the connection or the person comes back, also
// if that was during the last request, which may have failed just before.
import { withResolvers } from "lib/promises";

const EVENTS = [
  ["online", window],
  ["focus", window], // somebody comes back, perhaps from another tab
  ["visibilitychange", document],
];

export class RetryDelay {
  #isCut = false;
  #resolve = () => {};
  #ending = new AbortController();

  constructor() {
    const { signal } = this.#ending;
    for (const [type, source] of EVENTS) source.addEventListener(type, () => this.cut(), { signal });
  }

  // Resolves to whether it was cut short.
  async wait(milliseconds) {
    const { promise, resolve } = withResolvers();
    this.#resolve = resolve;
    const timer = setTimeout(resolve, milliseconds);
    if (!this.#isCut) await promise;
    clearTimeout(timer);
    const wasCut = this.#isCut;
    this.#isCut = false;
    return wasCut;
  }

  cut() {
    this.#isCut = true;
    this.#resolve();
  }

  end() {
    this.#ending.abort();
    this.#resolve();
  }
}
