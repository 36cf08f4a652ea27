// The pause before something that failed is tried again: as long as asked, or until there is a reason to hope. A reason
// that came up during the last try counts too, because that try may have failed in the moment before it.
import { withResolvers } from "lib/promises";

const REASONS = [
  ["online", window],
  ["focus", window], // someone comes back, from another tab perhaps
  ["visibilitychange", document],
];

export class Rest {
  #isHopeful = false;
  #rise = () => {};
  #ending = new AbortController();

  constructor() {
    const { signal } = this.#ending;
    for (const [type, source] of REASONS) source.addEventListener(type, () => this.wake(), { signal });
  }

  // Resolves to whether there was a reason to hope.
  async for(milliseconds) {
    const { promise, resolve } = withResolvers();
    this.#rise = resolve;
    const timer = setTimeout(resolve, milliseconds);
    if (!this.#isHopeful) await promise;
    clearTimeout(timer);
    const wasHopeful = this.#isHopeful;
    this.#isHopeful = false;
    return wasHopeful;
  }

  wake() {
    this.#isHopeful = true;
    this.#rise();
  }

  end() {
    this.#ending.abort();
    this.#rise();
  }
}
