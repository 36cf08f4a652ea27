// Removes its content when the page is left, because a browser may keep pages in memory for its Back button.
class ShownOnce extends HTMLElement {
  connectedCallback() {
    addEventListener("pagehide", this);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this);
  }

  handleEvent() {
    this.replaceChildren(this.querySelector("template").content.cloneNode(true));
  }
}
customElements.define("shown-once", ShownOnce);
