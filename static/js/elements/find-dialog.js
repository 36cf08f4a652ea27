// The dialog Find a room. "/" opens it over any page, so that a form on that page is kept. On the page Find a room
// itself "/" focuses the first field. The dialog's content is a partial of that page, which is requested on the first
// opening.
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
    else this.dialog.close(); // a toast on the page shows the error
  }

  #onKey(event) {
    if (!isPressed(event, "/")) return;
    event.preventDefault(); // in Firefox "/" searches in the page
    const ownPage = document.querySelector("main form[role=search]#find-form");
    if (ownPage) focusFirst(ownPage);
    else this.#open();
  }

  #open() {
    this.dialog.showModal();
    const form = this.box.querySelector("form");
    if (!form) return this.box.dispatchEvent(new CustomEvent("wanted"));
    focusFirst(form);
    form.requestSubmit(); // the results are those of the last opening
  }

  #onArrival(event) {
    if (event.target === this.box) focusFirst(this.box);
  }
}

function focusFirst(form) {
  form.querySelector("input:not([type=hidden])").focus();
}
customElements.define("find-dialog", FindDialog);
