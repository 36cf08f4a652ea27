// The form that uploads files. A file can be sent again until the server has answered 201.
import { newKey } from "lib/keys";
import { showProblem } from "lib/notices";

const SHOW_PROGRESS_AFTER_MILLISECONDS = 1000;
const SIGNED_OUT = "You were signed out. Nothing is lost: sign in in a new tab, come back here, and send it again.";
// Messages by the status of the response; a 422 has its own. A 403 means that the CSRF token is of an earlier session.
const WORDS = {
  0: "The server could not be reached, and nothing was saved. Check the connection, then send it again.",
  403: SIGNED_OUT,
  413: "The recording is too large to send. Choose a shorter one.",
};
const OTHERWISE = "The server could not save the recording. Send it again in a minute.";
// The page's own messages for these tell people to reload, which would lose the file.
const EXPLAINED_HERE = ["htmx:sendError", "htmx:responseError", "htmx:timeout"];

class VoiceUpload extends HTMLElement {
  #settle = null;
  #last = Promise.resolve();
  #sent = null; // { file, key }
  #started = 0;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.file = this.form.elements.audio;
    this.progress = this.querySelector("[data-progress]");
    const noticed = ["change", "htmx:beforeOnLoad", "htmx:xhr:progress", "htmx:afterRequest", ...EXPLAINED_HERE];
    for (const type of noticed) this.addEventListener(type, this);
  }

  handleEvent(event) {
    if (event.type === "change") this.#sendChosen();
    else if (event.type === "htmx:beforeOnLoad") this.#refuseRedirect(event);
    else if (event.type === "htmx:xhr:progress") this.#showProgress(event.detail);
    else if (event.type === "htmx:afterRequest") this.#finish(event.detail.xhr);
    else event.stopPropagation();
  }

  #sendChosen() {
    const [file] = this.file.files;
    if (file) this.#queue(file, newKey());
  }

  // Files are sent one after another. With the same key, a file that did arrive makes no second note.
  #queue(file, key) {
    this.#last = this.#last.then(() => this.#submit(file, key));
  }

  // Resolves when the server has answered.
  #submit(file, key) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    this.file.files = transfer.files;
    this.form.elements.key.value = key;
    this.#sent = { file, key };
    this.#explain("");
    this.#started = performance.now();
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.form.requestSubmit();
    });
  }

  #explain(text) {
    const { file, key } = this.#sent ?? {};
    const again = text && text !== WORDS[413] ? () => this.#queue(file, key) : null;
    showProblem(this.querySelector("[role=alert]"), text, { signIn: text === SIGNED_OUT, again });
  }

  // Without a session, the response redirects to the sign-in page, where the file would be lost.
  #refuseRedirect(event) {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    this.#explain(SIGNED_OUT);
  }

  #showProgress({ lengthComputable, loaded, total }) {
    const isLate = performance.now() - this.#started > SHOW_PROGRESS_AFTER_MILLISECONDS;
    if (!isLate || !lengthComputable || !total) return;
    this.progress.hidden = false;
    this.progress.querySelector("progress").value = loaded / total;
    this.progress.querySelector("span").textContent = `Sending, ${Math.round((100 * loaded) / total)} %`;
  }

  #finish(xhr) {
    const saved = xhr.status === 201;
    const isExplained = this.querySelector("[role=alert] .notice");
    if (!saved && !isExplained) this.#explain(WORDS[xhr.status] ?? OTHERWISE);
    this.progress.hidden = true;
    this.file.value = "";
    this.#settle?.();
    this.#settle = null;
  }
}

customElements.define("voice-upload", VoiceUpload);
