// The line that tells whether the recording has been sent. A screen reader announces it, so it changes only when the
// message does, and not with every chunk.
import { signInLink } from "lib/notices";
import { ONLY_IN_MEMORY, SENT } from "lib/recorder-messages";

export class UploadStatus {
  #line;
  #recording = null;
  #progress = "";
  #error = null;
  #warning = "";

  constructor(line) {
    this.#line = line;
  }

  watch(recording) {
    this.clear();
    this.#recording = recording;
    const { session, copy } = recording;
    const ifStill = (change) => (event) => recording === this.#recording && change(event.detail);
    session.addEventListener(
      "state",
      ifStill(({ expected }) => this.#onProgress(expected)),
    );
    session.addEventListener(
      "error",
      ifStill((error) => this.#show({ error })),
    );
    session.addEventListener(
      "recovered",
      ifStill(() => this.#show({ error: null })),
    );
    copy.addEventListener(
      "only-in-memory",
      ifStill((name) => this.#show({ warning: ONLY_IN_MEMORY[name] })),
    );
  }

  clear() {
    this.#recording = null;
    this.#show({ progress: "", error: null, warning: "" });
  }

  #onProgress(expected) {
    this.#show({ progress: expected < this.#recording.copy.count ? SENT.some : SENT.all });
  }

  #show({ progress = this.#progress, error = this.#error, warning = this.#warning }) {
    [this.#progress, this.#error, this.#warning] = [progress, error, warning];
    const words = [error ? error.words : progress, warning].filter(Boolean).join(" ");
    if (this.#line.dataset.words === words) return;
    this.#line.dataset.words = words;
    this.#line.toggleAttribute("data-error", Boolean(error || warning));
    this.#line.replaceChildren(words);
    if (error?.kind === "signed-out") this.#line.append(" ", signInLink());
  }
}
