// The list of notes. It polls for the text of its rows, announces text that has arrived, and keeps the focus where it
// was. A note that is played, or whose text stood still on the screen for two seconds, is reported to the server as read.
import { csrfToken } from "lib/cookies";

const DONE = 200;
const GONE = 404;
const LEFT = "voice-notes-unread"; // in the panel's header
const UNREAD = "[data-unread] [data-transcript]";
const READ_MILLISECONDS = 2000;
// Of a text, or of the window when the text is taller than that.
const IN_SIGHT = 0.5;
const STEPS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1];
const LOOKS = "[data-poll]";
const LOOK_AGAIN_MILLISECONDS = 2000; // after one that failed
// What took the server longer, it has waited for: then there is no need to pause.
const WAITED_MILLISECONDS = 1000;
const HTMX = [
  "configRequest",
  "beforeSend",
  "afterRequest",
  "responseError",
  "sendError",
  "timeout",
  "beforeSwap",
  "afterSettle",
];

class VoiceNotes extends HTMLElement {
  #look = null; // the one request that looks for news: { xhr, at, pause }
  #looks = 0; // timer: the next one
  #lastLook = ""; // whose turn it was
  #before = new Map(); // how a row was before it was swapped, by its id
  #inSight = new Set();
  #still = 0; // timer: it ends when nothing has moved for a moment
  #eyes = new IntersectionObserver((entries) => this.#onSight(entries), { threshold: STEPS });

  connectedCallback() {
    this.news = this.querySelector("[data-news]");
    this.list = this.querySelector(".notes");
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.addEventListener("play", this, true); // media events do not bubble
    document.addEventListener("read", this);
    document.addEventListener("visibilitychange", this);
    this.#watchUnread();
    this.#goTo(location.hash);
    for (const type of HTMX) this.addEventListener(`htmx:${type}`, this);
    this.#lookIn(0);
  }

  disconnectedCallback() {
    document.removeEventListener("read", this);
    document.removeEventListener("visibilitychange", this);
    this.#eyes.disconnect();
    clearTimeout(this.#still);
    clearTimeout(this.#looks);
  }

  handleEvent(event) {
    if (event.type === "click") this.#playFrom(event.target.closest("button[data-start]"));
    else if (event.type === "keydown") event.target.closest(".note")?.querySelector("voice-player")?.onKey(event);
    else if (event.type === "play") this.#tellRead([event.target.closest("[data-unread]")]);
    else if (event.type === "read") this.#onAllRead();
    else if (event.type === "visibilitychange") this.#onVisibility();
    else if (event.type === "htmx:beforeSwap") this.#remember(event.target, event.detail);
    else if (event.type === "htmx:afterSettle") this.#onNewRow(event.target);
    else if (event.type === "htmx:afterRequest") this.#afterLook(event.detail);
    else if (event.target.closest(LOOKS)) this.#onLook(event);
  }

  // What a search found; the words of a text play by themselves, see spoken-words.
  #playFrom(button) {
    button?.closest(".note").querySelector("voice-player").playFrom(Number(button.dataset.start));
  }

  // One look at a time, in turns: a request that waits keeps a thread of the server and a connection of the browser.
  // Only a note that is young and alone is waited for.
  #lookIn(milliseconds) {
    clearTimeout(this.#looks);
    this.#looks = setTimeout(() => this.#lookNow(), milliseconds);
  }

  #lookNow() {
    const pending = [...this.querySelectorAll(LOOKS)];
    if (document.hidden || this.#look || !pending.length) return;
    const turn = pending.findIndex((link) => link.id === this.#lastLook) + 1;
    htmx.trigger(pending[turn % pending.length], "poll");
  }

  // A link to a second of the one note that a page shows.
  #goTo(hash) {
    const [, seconds] = hash.match(/^#t=(\d+(?:\.\d+)?)$/) ?? [];
    const sounds = this.querySelectorAll(".note audio");
    if (seconds && sounds.length === 1) sounds[0].currentTime = Number(seconds);
  }

  // A poll that fails is not shown: the next one follows.
  #onLook(event) {
    const { detail, target } = event;
    if (event.type === "htmx:configRequest") {
      this.#lastLook = target.id;
      const isYoung = Number(target.dataset.poll) < WAITED_MILLISECONDS;
      if (isYoung && this.querySelectorAll(LOOKS).length === 1) detail.parameters.wait = "1";
    } else if (event.type === "htmx:beforeSend") {
      const pause = Number(target.dataset.poll) / this.querySelectorAll(LOOKS).length;
      this.#look = { xhr: detail.xhr, at: performance.now(), pause };
    } else {
      event.stopPropagation();
      if (detail.xhr.status === GONE) target.closest(".note").remove();
    }
  }

  #afterLook({ xhr, successful }) {
    if (this.#look?.xhr !== xhr) return;
    const { at, pause } = this.#look;
    this.#look = null;
    if (!successful) this.#lookIn(LOOK_AGAIN_MILLISECONDS);
    else this.#lookIn(performance.now() - at > WAITED_MILLISECONDS ? 0 : pause);
  }

  #onVisibility() {
    this.#wait();
    this.#lookIn(0);
  }

  #remember(row, { xhr }) {
    const hadFocus = row.contains(document.activeElement);
    const isGoing = xhr.status === DONE && !xhr.response;
    if (hadFocus && isGoing) (row.nextElementSibling ?? row.previousElementSibling ?? this.list).focus();
    this.#before.set(row.id, { hadFocus, wasPending: isPending(row) });
  }

  #onNewRow(row) {
    this.#watchUnread();
    this.#lookIn(0);
    const before = this.#before.get(row.id);
    this.#before.delete(row.id);
    if (!before || !row.matches(".note")) return;
    if (before.hadFocus && document.activeElement === document.body) row.focus();
    if (before.wasPending && !isPending(row)) this.#announce(row);
  }

  #watchUnread() {
    for (const text of this.querySelectorAll(UNREAD)) this.#eyes.observe(text);
  }

  #onSight(entries) {
    for (const entry of entries) {
      const isSeen = entry.intersectionRatio >= IN_SIGHT || entry.intersectionRect.height >= IN_SIGHT * innerHeight;
      this.#inSight[isSeen ? "add" : "delete"](entry.target.closest(".note"));
    }
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#still);
    if (!document.hidden) this.#still = setTimeout(() => this.#tellRead([...this.#inSight]), READ_MILLISECONDS);
  }

  // A failure is not shown: the note stays unread and is reported again when it is next seen. Sent by fetch, because
  // `keepalive` lets the request outlive the page, while htmx's XMLHttpRequest is cancelled when the page is left.
  async #tellRead(rows) {
    const read = rows.filter((row) => row?.isConnected && row.dataset.unread);
    if (!read.length) return;
    const body = new URLSearchParams(read.map((row) => ["note", row.dataset.unread]));
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    const answer = await fetch(this.dataset.markRead, { method: "POST", body, headers, keepalive: true }).catch(
      () => null,
    );
    if (answer?.status !== DONE) return;
    for (const row of read) forgetUnread(row);
    this.#showLeft(await answer.text());
  }

  #showLeft(html) {
    const left = document.getElementById(LEFT);
    if (!left || left.querySelector(".htmx-request")) return; // a page of one note; its own answer is on the way
    this.#keepFocus();
    left.outerHTML = html;
    htmx.process(document.getElementById(LEFT));
  }

  #onAllRead() {
    this.#keepFocus();
    for (const row of this.querySelectorAll("[data-unread]")) forgetUnread(row);
    this.news.textContent = "All voice notes are marked as heard.";
  }

  #keepFocus() {
    if (document.activeElement.closest(`#${LEFT}`)) this.list.focus(); // the button goes
  }

  #announce(row) {
    this.news.textContent = `Voice note: ${row.querySelector(".transcript, .notice strong").textContent}`;
  }
}

function forgetUnread(row) {
  delete row.dataset.unread;
  row.querySelector(".meta .unread")?.remove();
}

function isPending(row) {
  return Boolean(row.querySelector(LOOKS));
}
customElements.define("voice-notes", VoiceNotes);
