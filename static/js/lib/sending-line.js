// One line that tells how far what was spoken has come. It changes when that does, not with every chunk: a screen reader
// reads it out.
import { signInLink } from "lib/notices";
import { ONLY_IN_MEMORY, SENT } from "lib/recorder-words";

export class SendingLine {
  #line;
  #recording = null;
  #progress = "";
  #trouble = null;
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
      "trouble",
      ifStill((trouble) => this.#show({ trouble })),
    );
    session.addEventListener(
      "fine",
      ifStill(() => this.#show({ trouble: null })),
    );
    copy.addEventListener(
      "only-in-memory",
      ifStill((name) => this.#show({ warning: ONLY_IN_MEMORY[name] })),
    );
  }

  clear() {
    this.#recording = null;
    this.#show({ progress: "", trouble: null, warning: "" });
  }

  #onProgress(expected) {
    this.#show({ progress: expected < this.#recording.copy.count ? SENT.some : SENT.all });
  }

  #show({ progress = this.#progress, trouble = this.#trouble, warning = this.#warning }) {
    [this.#progress, this.#trouble, this.#warning] = [progress, trouble, warning];
    const words = [trouble ? trouble.words : progress, warning].filter(Boolean).join(" ");
    if (this.#line.dataset.words === words) return;
    this.#line.dataset.words = words;
    this.#line.toggleAttribute("data-trouble", Boolean(trouble || warning));
    this.#line.replaceChildren(words);
    if (trouble?.kind === "signed-out") this.#line.append(" ", signInLink());
  }
}
