import { asPage, FAILURES } from "lib/tape-requests";

// The card of a bar. It opens beside the bar when the pointer rests on the bar, or the bar gets the focus or is tapped.
// It does not take the focus; Tab leads into it, Escape closes it, and it stays while the pointer or the focus is on
// it.
const REST_MS = 250; // how long the pointer rests before it opens
const LEAVE_MS = 300; // how long it stays after the pointer or the focus has left
const GAP = 6; // px between bar and card

class TapeCard extends HTMLElement {
  #bar = null; // the bar whose card is open
  #requested = null; // the bar whose card was requested
  #timer = 0;

  connectedCallback() {
    this.popover = "manual";
    this.chart = this.closest("tape-chart");
    for (const type of [
      "pointerover",
      "pointerout",
      "focusin",
      "focusout",
      "keydown",
      "click",
      "pointerdown",
      "tape:swapped",
    ]) {
      this.chart.addEventListener(type, this);
    }
    this.chart.querySelector(".tape").addEventListener("scroll", this, { passive: true });
    document.addEventListener("keydown", this);
    for (const type of ["htmx:configRequest", "htmx:beforeSwap", "htmx:afterRequest", ...FAILURES])
      this.addEventListener(type, this);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    const bar = event.target.closest?.(".bar");
    if (event.type === "htmx:configRequest") asPage(event.detail);
    else if (event.type === "htmx:beforeSwap") this.#refuseOtherPage(event);
    else if (event.type === "htmx:afterRequest") this.#onAnswer(event.detail.xhr);
    else if (FAILURES.includes(event.type))
      event.stopPropagation(); // without a toast, because the bar itself is still a link
    else if (event.type === "keydown") this.#onKey(event, bar);
    else if (event.type === "click") this.#onClick(event, bar);
    else if (event.type === "scroll" || event.type === "tape:swapped") this.#update();
    else if (event.type === "pointerdown") this.#onPress(event, bar);
    else if (event.type === "pointerover" && event.pointerType !== "mouse") return;
    else if (event.type === "pointerout" || event.type === "focusout") this.#leave(event);
    else if (this.contains(event.target)) clearTimeout(this.#timer);
    else if (bar) this.#startTimer(REST_MS, () => this.show(bar));
  }

  async show(bar) {
    clearTimeout(this.#timer);
    if ("busy" in this.chart.dataset || !bar.isConnected || (bar === this.#bar && this.matches(":popover-open")))
      return;
    this.#requested = bar;
    const { reference, closure } = bar.dataset;
    const address = this.dataset.url + (closure ? `closure/${closure}/` : `card/${reference}/`);
    await htmx.ajax("GET", address, { source: this, target: this, swap: "innerHTML" }).catch(() => {});
  }

  // After the end of the session, the response is the sign-in page, which must not be shown as a card.
  #refuseOtherPage(event) {
    const { xhr, pathInfo } = event.detail;
    if (new URL(xhr.responseURL).pathname === new URL(pathInfo.requestPath, location).pathname) return;
    event.preventDefault();
    this.#requested = null;
  }

  #onAnswer({ status }) {
    const bar = document.getElementById(this.#requested?.id); // its row may have been replaced meanwhile
    if (status !== 200 || !bar) return;
    this.#bar = bar;
    this.setAttribute("aria-label", this.#bar.getAttribute("aria-label"));
    if (!this.matches(":popover-open")) this.showPopover();
    this.#place();
  }

  hide() {
    if (this.#bar && this.contains(document.activeElement)) this.#bar.focus();
    clearTimeout(this.#timer); // also the one that this focus has just started
    this.#requested = null;
    htmx.trigger(this, "htmx:abort");
    if (!this.#bar) return;
    this.#bar = null;
    this.hidePopover();
  }

  #startTimer(milliseconds, callback) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(callback, milliseconds);
  }

  #leave(event) {
    const to = event.relatedTarget;
    if (to && (this.contains(to) || this.#bar?.contains(to))) return clearTimeout(this.#timer);
    this.#startTimer(LEAVE_MS, () => this.#isNeeded() || this.hide());
    return undefined;
  }

  #isNeeded() {
    const focused = document.activeElement;
    const hasKeyboard = focused === this.#bar && focused.matches(":focus-visible");
    return hasKeyboard || this.contains(focused) || this.matches(":hover") || this.#bar?.matches(":hover");
  }

  #onKey(event, bar) {
    if (event.key === "Escape" && this.#bar) {
      event.stopPropagation();
      this.hide();
    } else if (event.key === "Tab" && this.#bar && event.currentTarget === this.chart) this.#tab(event, bar);
  }

  // A popover is last in the tab order; this lets the card follow its bar.
  #tab(event, bar) {
    const stops = [...this.querySelectorAll("a[href], button, select, input:not([type=hidden]), summary")];
    if (bar === this.#bar && !event.shiftKey && stops.length) {
      event.preventDefault();
      stops[0].focus();
    } else if (this.contains(event.target) && event.target === (event.shiftKey ? stops[0] : stops.at(-1))) {
      if (event.shiftKey) event.preventDefault();
      this.#bar.focus({ preventScroll: true });
    }
  }

  #onClick(event, bar) {
    if (!bar || event.defaultPrevented || event.pointerType !== "touch" || bar === this.#bar) return;
    event.preventDefault();
    this.show(bar);
  }

  #onPress(event, bar) {
    if (!this.contains(event.target) && bar !== this.#bar) this.hide();
    if (bar) clearTimeout(this.#timer);
  }

  // Move the card to where its bar is now, or close it if the bar is gone.
  #update() {
    if (!this.#bar) return;
    const bar = document.getElementById(this.#bar.id);
    if (bar) {
      this.#bar = bar;
      this.#place();
    } else this.hide();
  }

  #place() {
    const bar = this.#bar.getBoundingClientRect();
    const edge = this.#bar.closest(".tape-row").querySelector(".tape-unit").getBoundingClientRect().right;
    const below = bar.bottom + GAP;
    const fits = below + this.offsetHeight < innerHeight;
    const left = Math.min(Math.max(bar.left, edge), innerWidth - this.offsetWidth - GAP);
    this.style.setProperty("--left", `${Math.max(GAP, left)}px`);
    this.style.setProperty("--top", `${fits ? below : Math.max(GAP, bar.top - GAP - this.offsetHeight)}px`);
  }
}
customElements.define("tape-card", TapeCard);
