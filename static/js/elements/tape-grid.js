// Keyboard navigation of the chart by a roving tabindex: Tab stops at one bar or group heading, and arrow keys move the
// focus. Also stores which groups are collapsed, in a cookie. Without this element Tab stops at each bar.
import { cookie } from "lib/cookies";

const COLLAPSED = "calendar_collapsed";
const YEAR_SECONDS = 365 * 24 * 60 * 60;
// A cookie takes about 4,000 characters.
const MOST_REMEMBERED = 300;
// Elements whose tabindex is set before the browser may do other work.
const AT_ONCE = 400;

class TapeGrid extends HTMLElement {
  #stop = null; // the element with tabindex 0
  #middle = 0; // of the last focused bar, in half days: Up and Down choose the bar that is nearest to it

  connectedCallback() {
    this.chart = this.closest("tape-chart");
    this.addEventListener("keydown", this);
    this.addEventListener("focusin", this);
    this.addEventListener("toggle", this, true); // in the capture phase, because it does not bubble
    this.chart.addEventListener("tape:swapped", this);
    this.#setTabIndexes();
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "focusin") this.#setStop(event.target.closest(".bar, summary"));
    else if (event.type === "toggle") this.#storeCollapsed(event.target);
    else this.#setTabIndexes();
  }

  // Some hundreds at a time, because ten thousand bars at once would block the page.
  async #setTabIndexes() {
    this.#setStop(
      this.#stop?.isConnected
        ? this.#stop
        : (document.getElementById(this.#stop?.id) ?? this.querySelector(".bar, summary")),
    );
    const stops = [...this.querySelectorAll(".bar:not([tabindex]), summary:not([tabindex])")];
    while (stops.length) {
      for (const stop of stops.splice(0, AT_ONCE)) stop.tabIndex = stop === this.#stop ? 0 : -1;
      await new Promise((resume) => setTimeout(resume));
    }
  }

  #setStop(stop) {
    if (!stop) return;
    if (this.#stop) this.#stop.tabIndex = -1;
    stop.tabIndex = 0;
    this.#stop = stop;
    if (stop.matches(".bar")) this.#middle = middle(stop);
  }

  #onKey(event) {
    const stop = event.target.closest(".bar, summary");
    if (!stop || event.defaultPrevented || "busy" in this.chart.dataset) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = stop.matches("summary") ? this.#fromGroup(event.key, stop) : this.#fromBar(event.key, stop);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #fromBar(key, bar) {
    const row = bar.closest(".tape-row");
    const bars = inOrder(row);
    if (key === "ArrowRight") return bars[bars.indexOf(bar) + 1];
    if (key === "ArrowLeft") return bars[bars.indexOf(bar) - 1];
    if (key === "Home") return bars[0];
    if (key === "End") return bars.at(-1);
    return this.#acrossLines(key, row);
  }

  #fromGroup(key, summary) {
    const group = summary.parentElement;
    if (key === "ArrowRight") group.open = true;
    else if (key === "ArrowLeft") group.open = false;
    else return this.#acrossLines(key, summary);
    return summary;
  }

  #acrossLines(key, line) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!step) return null;
    const lines = [...this.querySelectorAll("summary, .tape-row")];
    for (let at = lines.indexOf(line) + step; at >= 0 && at < lines.length; at += step) {
      if (lines[at].matches("summary")) return lines[at];
      if (lines[at].closest(".tape-group:not([open])")) continue;
      const near = inOrder(lines[at]).sort((one, other) => this.#distance(one) - this.#distance(other));
      if (near.length) return near[0];
    }
    return null;
  }

  #distance(bar) {
    return Math.abs(middle(bar) - this.#middle);
  }

  #storeCollapsed(group) {
    const keys = new Set(cookie(COLLAPSED).split(".").filter(Boolean));
    if (group.open) keys.delete(group.dataset.group);
    else keys.add(group.dataset.group);
    const value = [...keys].slice(-MOST_REMEMBERED).join(".");
    // biome-ignore lint/suspicious/noDocumentCookie: not all supported browsers have the Cookie Store API
    document.cookie = `${COLLAPSED}=${value}; path=${location.pathname}; max-age=${YEAR_SECONDS}; samesite=lax`;
  }
}

function inOrder(row) {
  return [...row.querySelectorAll(".bar")].sort((one, other) => place(one, "--from") - place(other, "--from"));
}

function middle(bar) {
  return (place(bar, "--from") + place(bar, "--to")) / 2;
}

function place(bar, name) {
  return Number(bar.style.getPropertyValue(name));
}
customElements.define("tape-grid", TapeGrid);
