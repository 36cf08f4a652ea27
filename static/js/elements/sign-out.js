// When somebody signs out while this computer has unsent recordings, a dialog asks whether to send, keep or delete
// them.
import { deleteRecording, ownUnsent } from "lib/recording-store";

const loadUnsent = () => import("lib/unsent"); // only when there is something unsent

const DISCARD_MILLISECONDS = 4000; // after which signing out does not wait for the server
const UNREACHABLE = "The server could not be reached. Check the connection, then try again.";

class SignOut extends HTMLElement {
  #sending = null; // AbortController of Send
  #verbs = {
    send: () => this.#send(),
    leave: () => this.form.submit(),
    delete: () => this.#delete(),
    "": () => this.dialog.close(),
  };

  connectedCallback() {
    this.form = this.querySelector("form");
    this.dialog = document.getElementById(this.dataset.dialog);
    this.says = this.dialog.querySelector("[data-says]");
    this.form.addEventListener("submit", this);
    this.dialog.addEventListener("submit", this);
    this.dialog.addEventListener("close", this);
  }

  handleEvent(event) {
    if (event.type === "close") this.#sending?.abort();
    else event.preventDefault();
    if (event.target === this.form) this.#ask();
    else if (event.type === "submit") this.#verbs[event.submitter?.value ?? ""]();
  }

  async #ask() {
    const recordings = await ownUnsent();
    if (!recordings.length) return this.form.submit();
    const unsent = await loadUnsent().catch(() => null);
    const lines = recordings.map((recording) => {
      const line = document.createElement("li");
      line.textContent = unsent
        ? `A recording of ${unsent.whenInWords(recording)} ${unsent.forWhom(recording)}`
        : `A recording for ${recording.target.label}`;
      return line;
    });
    this.dialog.querySelector("[data-list]").replaceChildren(...lines);
    this.says.textContent = "";
    return this.dialog.showModal();
  }

  async #send() {
    const sending = new AbortController();
    this.#sending = sending;
    this.#busy(true);
    try {
      const unsent = await loadUnsent().catch(() => null);
      if (!unsent) return this.#say(UNREACHABLE);
      const say = (words) => this.#say(words);
      for (const recording of await ownUnsent()) await unsent.deliver(recording, { say, signal: sending.signal });
      return this.form.submit();
    } catch (error) {
      return this.#say(sending.signal.aborted ? "" : await wordsFor(error));
    } finally {
      this.#busy(false);
    }
  }

  async #delete() {
    const signal = AbortSignal.timeout(DISCARD_MILLISECONDS);
    for (const recording of await ownUnsent()) {
      await loadUnsent()
        .then(({ discard }) => discard(recording, { signal }))
        .catch(() => deleteRecording(recording.key))
        .catch(() => {});
    }
    this.form.submit();
  }

  // Disables all buttons but Cancel.
  #busy(isBusy) {
    for (const button of this.dialog.querySelectorAll("button[value]:not([value=''])")) button.disabled = isBusy;
  }

  #say(words) {
    if (this.says.textContent !== words) this.says.textContent = words;
  }
}

async function wordsFor(error) {
  const { asUploadError } = await import("lib/upload-error");
  return asUploadError(error).message;
}
customElements.define("sign-out", SignOut);
