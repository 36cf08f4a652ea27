// The list of notes. It polls for the texts of its rows, announces a text that has come, and keeps the focus where it
// was. A note that is played, or whose text was on the screen without scrolling for two seconds, is reported as read.
import { csrfToken } from "lib/cookies";

const DONE = 200;
const GONE = 404;
const LEFT = "voice-notes-unread"; // in the panel's header
const UNREAD = "[data-unread] [data-transcript]";
const READ_MILLISECONDS = 2000;
// A text is in sight when so much of it is visible; one that is taller than the window when it fills so much of that.
const IN_SIGHT = 0.5;
const STEPS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1];
const POLLED = "[data-poll]"; // the links of rows that are polled
const RETRY_MILLISECONDS = 2000; // after a poll that failed
// When a response took longer, the server has waited with it, and the next poll follows without a pause.
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
  #poll = null; // the poll that is under way: { xhr, at, pause }
  #pollTimer = 0;
  #lastPolled = ""; // id of a link
  #before = new Map(); // how a row was before it was swapped, by its id
  #inSight = new Set();
  #readTimer = 0; // what is in sight when it ends counts as read
  #observer = new IntersectionObserver((entries) => this.#onSight(entries), { threshold: STEPS });

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
    this.#pollIn(0);
  }

  disconnectedCallback() {
    document.removeEventListener("read", this);
    document.removeEventListener("visibilitychange", this);
    this.#observer.disconnect();
    clearTimeout(this.#readTimer);
    clearTimeout(this.#pollTimer);
  }

  handleEvent(event) {
    if (event.type === "click") this.#playFrom(event.target.closest("button[data-start]"));
    else if (event.type === "keydown") event.target.closest(".note")?.querySelector("voice-player")?.onKey(event);
    else if (event.type === "play") this.#reportRead([event.target.closest("[data-unread]")]);
    else if (event.type === "read") this.#onAllRead();
    else if (event.type === "visibilitychange") this.#onVisibility();
    else if (event.type === "htmx:beforeSwap") this.#remember(event.target, event.detail);
    else if (event.type === "htmx:afterSettle") this.#onNewRow(event.target);
    else if (event.type === "htmx:afterRequest") this.#afterPoll(event.detail);
    else if (event.target.closest(POLLED)) this.#onPoll(event);
  }

  // A hit of a search. The words of a whole text are handled by spoken-words.
  #playFrom(button) {
    button?.closest(".note").querySelector("voice-player").playFrom(Number(button.dataset.start));
  }

  // Rows are polled in turn, one at a time: a request that waits occupies a thread of the server and a connection of
  // the browser. The server is asked to wait only for a young note that is the only one to be polled.
  #pollIn(milliseconds) {
    clearTimeout(this.#pollTimer);
    this.#pollTimer = setTimeout(() => this.#pollNow(), milliseconds);
  }

  #pollNow() {
    const pending = [...this.querySelectorAll(POLLED)];
    if (document.hidden || this.#poll || !pending.length) return;
    const turn = pending.findIndex((link) => link.id === this.#lastPolled) + 1;
    htmx.trigger(pending[turn % pending.length], "poll");
  }

  // A link to a second of the one note that a page shows.
  #goTo(hash) {
    const [, seconds] = hash.match(/^#t=(\d+(?:\.\d+)?)$/) ?? [];
    const sounds = this.querySelectorAll(".note audio");
    if (seconds && sounds.length === 1) sounds[0].currentTime = Number(seconds);
  }

  // A failed poll is not shown, because the next one follows.
  #onPoll(event) {
    const { detail, target } = event;
    if (event.type === "htmx:configRequest") {
      this.#lastPolled = target.id;
      const isYoung = Number(target.dataset.poll) < WAITED_MILLISECONDS;
      if (isYoung && this.querySelectorAll(POLLED).length === 1) detail.parameters.wait = "1";
    } else if (event.type === "htmx:beforeSend") {
      const pause = Number(target.dataset.poll) / this.querySelectorAll(POLLED).length;
      this.#poll = { xhr: detail.xhr, at: performance.now(), pause };
    } else {
      event.stopPropagation();
      if (detail.xhr.status === GONE) target.closest(".note").remove();
    }
  }

  #afterPoll({ xhr, successful }) {
    if (this.#poll?.xhr !== xhr) return;
    const { at, pause } = this.#poll;
    this.#poll = null;
    if (!successful) this.#pollIn(RETRY_MILLISECONDS);
    else this.#pollIn(performance.now() - at > WAITED_MILLISECONDS ? 0 : pause);
  }

  #onVisibility() {
    this.#startReadTimer();
    this.#pollIn(0);
  }

  #remember(row, { xhr }) {
    const hadFocus = row.contains(document.activeElement);
    const isGoing = xhr.status === DONE && !xhr.response;
    if (hadFocus && isGoing) (row.nextElementSibling ?? row.previousElementSibling ?? this.list).focus();
    this.#before.set(row.id, { hadFocus, wasPending: isPending(row) });
  }

  #onNewRow(row) {
    this.#watchUnread();
    this.#pollIn(0);
    const before = this.#before.get(row.id);
    this.#before.delete(row.id);
    if (!before || !row.matches(".note")) return;
    if (before.hadFocus && document.activeElement === document.body) row.focus();
    if (before.wasPending && !isPending(row)) this.#announce(row);
  }

  #watchUnread() {
    for (const text of this.querySelectorAll(UNREAD)) this.#observer.observe(text);
  }

  #onSight(entries) {
    for (const entry of entries) {
      const isSeen = entry.intersectionRatio >= IN_SIGHT || entry.intersectionRect.height >= IN_SIGHT * innerHeight;
      this.#inSight[isSeen ? "add" : "delete"](entry.target.closest(".note"));
    }
    this.#startReadTimer();
  }

  #startReadTimer() {
    clearTimeout(this.#readTimer);
    if (!document.hidden) this.#readTimer = setTimeout(() => this.#reportRead([...this.#inSight]), READ_MILLISECONDS);
  }

  // A failure is not shown: the note stays unread, and is reported again when it is next in sight. It is sent by fetch
  // with `keepalive`, because htmx's XMLHttpRequest is cancelled when the page is left.
  async #reportRead(rows) {
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
    if (!left || left.querySelector(".htmx-request")) return; // a page of one note; or htmx is fetching it
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
    if (document.activeElement.closest(`#${LEFT}`)) this.list.focus(); // the button is replaced
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
  return Boolean(row.querySelector(POLLED));
}
customElements.define("voice-notes", VoiceNotes);
