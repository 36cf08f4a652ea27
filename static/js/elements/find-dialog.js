// "/" asks for a room over any page, so that a half-written form stays where it is. On the page of that name it goes to
// the first field. The form and its answers are the page's own part, fetched when it is first wanted.
import { isPressed } from "lib/shortcuts";

const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];

class FindDialog extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.box = this.querySelector("[hx-get]");
    document.addEventListener("keydown", this);
    for (const type of ["htmx:afterSettle", ...FAILURES]) this.addEventListener(type, this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "htmx:afterSettle") this.#onArrival(event);
    else this.dialog.close(); // the message that says why stands on the page
  }

  #onKey(event) {
    if (!isPressed(event, "/")) return;
    event.preventDefault(); // Firefox would search in the page
    const ownPage = document.querySelector("main form[role=search]#find-form");
    if (ownPage) focusFirst(ownPage);
    else this.#open();
  }

  #open() {
    this.dialog.showModal();
    const form = this.box.querySelector("form");
    if (!form) return this.box.dispatchEvent(new CustomEvent("wanted"));
    focusFirst(form);
    form.requestSubmit(); // what was free when it was last open may be taken
  }

  #onArrival(event) {
    if (event.target === this.box) focusFirst(this.box);
  }
}

function focusFirst(form) {
  form.querySelector("input:not([type=hidden])").focus();
}
customElements.define("find-dialog", FindDialog);
