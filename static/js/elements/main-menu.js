// The menu of the navigation, which opens without this script: Escape, a press elsewhere and leaving it close it.
class MainMenu extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#press(event);
    else if (this.#isLeft(event.type === "click" ? event.target : event.relatedTarget)) this.#close();
  }

  // A dialog that was opened from the menu gives the focus back to it.
  #isLeft(target) {
    return target && !this.contains(target) && !target.closest("dialog");
  }

  #press(event) {
    if (event.key !== "Escape" || !this.details.open) return;
    this.#close();
    this.querySelector("summary").focus();
  }

  #close() {
    this.details.open = false;
  }
}
customElements.define("main-menu", MainMenu);
