// The list: rows that look for their text by themselves, say so when it comes, and keep the keyboard where it was.
// A note that is played, or whose text stood still on the screen for a moment, is told to the server as heard.
import { csrfToken } from "lib/cookies";

const DONE = 200;
const GONE = 404;
const LEFT = "voice-notes-unheard"; // in the panel's header
const UNREAD = "[data-unheard] [data-transcript]";
const READ_MILLISECONDS = 2000;
// Of a text, or of the window when the text is taller than that.
const IN_SIGHT = 0.5;
const STEPS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1];

class VoiceNotes extends HTMLElement {
  #before = new Map(); // how a row was before it was swapped, by its id
  #inSight = new Set();
  #still = 0; // timer: it ends when nothing has moved for a moment
  #eyes = new IntersectionObserver((entries) => this.#onSight(entries), { threshold: STEPS });

  connectedCallback() {
    this.news = this.querySelector("[data-news]");
    this.list = this.querySelector(".notes");
    this.addEventListener("click", this);
    this.addEventListener("play", this, true); // media events do not bubble
    document.addEventListener("heard", this);
    document.addEventListener("visibilitychange", this);
    this.#watchUnread();
    this.#goTo(location.hash);
    for (const type of ["beforeRequest", "responseError", "sendError", "timeout", "beforeSwap", "afterSettle"]) {
      this.addEventListener(`htmx:${type}`, this);
    }
  }

  disconnectedCallback() {
    document.removeEventListener("heard", this);
    document.removeEventListener("visibilitychange", this);
    this.#eyes.disconnect();
    clearTimeout(this.#still);
  }

  handleEvent(event) {
    if (event.type === "click") this.#playFrom(event.target.closest("[data-start]"));
    else if (event.type === "play") this.#tellHeard([event.target.closest("[data-unheard]")]);
    else if (event.type === "heard") this.#onAllHeard();
    else if (event.type === "visibilitychange") this.#wait();
    else if (event.type === "htmx:beforeSwap") this.#remember(event.target, event.detail);
    else if (event.type === "htmx:afterSettle") this.#onNewRow(event.target);
    else if (event.target.closest("[data-look]")) this.#onLook(event);
  }

  #playFrom(word) {
    word?.closest(".note").querySelector("voice-player").playFrom(Number(word.dataset.start));
  }

  // A link to a second of the one note that a page shows.
  #goTo(hash) {
    const [, seconds] = hash.match(/^#t=(\d+(?:\.\d+)?)$/) ?? [];
    const sounds = this.querySelectorAll(".note audio");
    if (seconds && sounds.length === 1) sounds[0].currentTime = Number(seconds);
  }

  // A look that fails is no news for the desk: the next one follows.
  #onLook(event) {
    if (event.type === "htmx:beforeRequest") {
      if (document.hidden) event.preventDefault();
      return;
    }
    event.stopPropagation();
    if (event.detail.xhr.status === GONE) event.target.closest(".note").remove();
  }

  #remember(row, { xhr }) {
    const hadFocus = row.contains(document.activeElement);
    const isGoing = xhr.status === DONE && !xhr.response;
    if (hadFocus && isGoing) (row.nextElementSibling ?? row.previousElementSibling ?? this.list).focus();
    this.#before.set(row.id, { hadFocus, wasPending: isPending(row) });
  }

  #onNewRow(row) {
    this.#watchUnread();
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
    if (!document.hidden) this.#still = setTimeout(() => this.#tellHeard([...this.#inSight]), READ_MILLISECONDS);
  }

  // Without a word when it fails: the note stays unheard, and is told again when it is next seen.
  async #tellHeard(rows) {
    const heard = rows.filter((row) => row?.isConnected && row.dataset.unheard);
    if (!heard.length) return;
    const body = new URLSearchParams(heard.map((row) => ["note", row.dataset.unheard]));
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    const answer = await fetch(this.dataset.heard, { method: "POST", body, headers, keepalive: true }).catch(() => null);
    if (answer?.status !== DONE) return;
    for (const row of heard) forgetUnheard(row);
    this.#showLeft(await answer.text());
  }

  #showLeft(html) {
    const left = document.getElementById(LEFT);
    if (!left) return; // a page of one note
    this.#keepFocus();
    left.outerHTML = html;
    htmx.process(document.getElementById(LEFT));
  }

  #onAllHeard() {
    this.#keepFocus();
    for (const row of this.querySelectorAll("[data-unheard]")) forgetUnheard(row);
    this.news.textContent = "All voice notes are marked as heard.";
  }

  #keepFocus() {
    if (document.activeElement.closest(`#${LEFT}`)) this.list.focus(); // the button goes
  }

  #announce(row) {
    this.news.textContent = `Voice note: ${row.querySelector(".transcript, .notice strong").textContent}`;
  }
}

function forgetUnheard(row) {
  delete row.dataset.unheard;
  row.querySelector(".meta .unheard")?.remove();
}

function isPending(row) {
  return Boolean(row.querySelector("[data-look]"));
}
customElements.define("voice-notes", VoiceNotes);
