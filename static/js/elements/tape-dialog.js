// The dialog about a bar whose move was refused. It opens when it is added to the page, and focuses the bar when it
// closes.
class TapeDialog extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.addEventListener("click", this);
    this.addEventListener("submit", this);
    this.dialog.addEventListener("close", this);
    this.dialog.showModal();
  }

  handleEvent(event) {
    if (event.type === "click" && !event.target.closest("[data-close]")) return;
    // The chart reads the form in its own submit listener, which runs later, so the dialog closes after that.
    if (event.type === "close") this.#end();
    else queueMicrotask(() => this.dialog.close());
  }

  #end() {
    const bar = document.getElementById(this.dataset.bar);
    this.remove();
    (bar ?? document.querySelector("tape-chart .tape"))?.focus({ preventScroll: true });
  }
}
customElements.define("tape-dialog", TapeDialog);
