import { asPage, FAILURES } from "lib/tape-requests";

// Polls for changes of others; htmx swaps the rows in the response. It does not poll while the page is hidden, or
// during a gesture (<tape-chart data-busy>); the next poll then has all changes.
const EVERY_MS = 3000;
// After so many failed polls in a row a message says that the chart may be out of date.
const FAILURES_SHOWN = 3;
const BAD_CURSOR = 400; // the status for a cursor of another database
const SIGN_IN = 200; // the status, without X-Cursor, of the sign-in page after a redirect

class TapeLive extends HTMLElement {
  #isPolling = false;
  #failures = 0;
  #updated = new Date();

  connectedCallback() {
    this.chart = this.closest("tape-chart");
    this.timer = setInterval(() => this.#poll(), EVERY_MS);
    document.addEventListener("visibilitychange", this);
    for (const type of ["htmx:configRequest", "htmx:beforeSwap", "htmx:afterRequest", ...FAILURES])
      this.addEventListener(type, this);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this);
  }

  handleEvent(event) {
    if (event.type === "visibilitychange") this.#poll();
    else if (event.type === "htmx:configRequest") asPage(event.detail);
    else if (event.type === "htmx:beforeSwap" && this.#isPaused) event.preventDefault();
    else if (event.type === "htmx:afterRequest") this.#onAnswer(event.detail.xhr);
    else if (FAILURES.includes(event.type)) event.stopPropagation(); // without a toast for each failure
  }

  get #isPaused() {
    return document.hidden || "busy" in this.chart.dataset || !this.isConnected;
  }

  async #poll() {
    if (this.#isPaused || this.#isPolling) return;
    this.#isPolling = true;
    const { cursor, shown } = this.chart.dataset;
    const options = { source: this, target: this, swap: "none", values: { since: cursor, shown } };
    await htmx.ajax("GET", this.dataset.url, options).catch(() => {});
    this.#isPolling = false;
  }

  #onAnswer(xhr) {
    const cursor = xhr.getResponseHeader("X-Cursor");
    if (xhr.status === BAD_CURSOR || (xhr.status === SIGN_IN && !cursor)) return location.reload();
    if (!cursor) return this.#fail();
    if (this.#isPaused) return undefined; // nothing was swapped
    this.chart.dataset.cursor = cursor;
    this.#failures = 0;
    this.#updated = new Date();
    this.textContent = "";
    return undefined;
  }

  #fail() {
    this.#failures += 1;
    if (this.#failures !== FAILURES_SHOWN) return;
    const clock = this.#updated.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    this.textContent = `No connection to the server. This is how it was at ${clock}.`;
  }
}
customElements.define("tape-live", TapeLive);
