// Asks every few seconds what others have changed, and draws those rows again. Not while the page is hidden, and not
// under a gesture: <tape-chart data-busy> pauses it, and what was missed comes with the next look.
import { swapRows } from "lib/tape-rows";

const EVERY_MS = 3000;
// One look that fails is no news; after so many the desk must know that it may be looking at the past.
const PATIENCE = 3;
const NOTHING_NEW = 204;

class TapeLive extends HTMLElement {
  #isLooking = false;
  #failed = 0;
  #seen = new Date();

  connectedCallback() {
    this.chart = this.closest("tape-chart");
    this.timer = setInterval(() => this.#look(), EVERY_MS);
    document.addEventListener("visibilitychange", this);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this);
  }

  handleEvent() {
    this.#look();
  }

  get #isPaused() {
    return document.hidden || "busy" in this.chart.dataset || !this.isConnected;
  }

  async #look() {
    if (this.#isPaused || this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { cursor, shown } = this.chart.dataset;
      const answer = await fetch(`${this.dataset.url}?${new URLSearchParams({ since: cursor, shown })}`);
      await this.#take(answer);
    } catch {
      this.#fail();
    } finally {
      this.#isLooking = false;
    }
  }

  async #take(answer) {
    if (answer.redirected || answer.status === 400) location.reload(); // signed out, or another database
    if (!answer.ok) return this.#fail();
    const html = answer.status === NOTHING_NEW ? "" : await answer.text();
    if (this.#isPaused) return;
    if (html) swapRows(this.chart, html);
    this.chart.dataset.cursor = answer.headers.get("X-Cursor");
    this.#failed = 0;
    this.#seen = new Date();
    this.textContent = "";
  }

  #fail() {
    this.#failed += 1;
    if (this.#failed !== PATIENCE) return;
    const clock = this.#seen.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    this.textContent = `No connection to the server. This is how it was at ${clock}.`;
  }
}
customElements.define("tape-live", TapeLive);
