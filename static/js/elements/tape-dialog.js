// A question about a bar: opens as soon as it is on the page, and gives the focus back to the bar when it closes.
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
    // What the form holds is read by the chart while the event is on its way up: first that, then the end.
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
