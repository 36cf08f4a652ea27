// The dialog with the keyboard shortcuts, opened by its button or by "?", and its switch for single-key shortcuts.
import { areOn, isPressed, turn } from "lib/shortcuts";

class KeyboardHelp extends HTMLElement {
  connectedCallback() {
    this.dialog = document.getElementById(this.dataset.dialog);
    this.switch = this.dialog.querySelector("[role=switch]");
    this.switch.checked = areOn();
    this.querySelector("button").hidden = false;
    this.addEventListener("click", this);
    this.switch.addEventListener("change", this);
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.type === "change") turn(this.switch.checked);
    else if (event.type === "click" || isPressed(event, "?")) this.#open(event);
  }

  #open(event) {
    event.preventDefault();
    this.dialog.showModal();
  }
}
customElements.define("keyboard-help", KeyboardHelp);
