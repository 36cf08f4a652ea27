// The price of the free night on which the mouse rests. Keys and the menu of a night have it in words.
import { nightAt } from "lib/tape-placement";
import { priceOf } from "lib/tape-prices";

const REST_MS = 120;

class TapePrice extends HTMLElement {
  #timer = 0;
  #night = null;

  connectedCallback() {
    this.chart = this.closest("tape-chart");
    this.label = document.createElement("div");
    this.label.className = "tape-price";
    const tape = this.chart.querySelector(".tape");
    for (const type of ["pointermove", "pointerleave", "pointerdown"]) tape.addEventListener(type, this);
  }

  disconnectedCallback() {
    this.#hide();
  }

  handleEvent(event) {
    const isMouse = event.type === "pointermove" && event.pointerType === "mouse" && !event.buttons;
    const night = isMouse && !("busy" in this.chart.dataset) ? nightAt(this.chart, event) : null;
    if (!night) this.#hide();
    else if (night.row !== this.#night?.row || night.arrival !== this.#night.arrival) this.#rest(night);
  }

  #rest(night) {
    this.#hide();
    this.#night = night;
    this.#timer = setTimeout(() => this.#show(night), REST_MS);
  }

  async #show(night) {
    const price = await priceOf(this.chart, night);
    if (!price || this.#night !== night) return;
    this.label.textContent = price;
    this.label.style.setProperty("--column", night.column);
    night.row.querySelector(".tape-track")?.append(this.label);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#night = null;
    this.label.remove();
  }
}
customElements.define("tape-price", TapePrice);
