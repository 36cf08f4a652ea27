// A transcript whose words have times. Pressing a word plays from there, and the word that is being played is marked.
// One word at a time is a tab stop with the role of a button; to a screen reader the rest is plain text.
import { behaviour, isScrolling } from "lib/scrolling";

const NEXT = { ArrowRight: 1, ArrowLeft: -1 };
const NEXT_LINE = { ArrowDown: 1, ArrowUp: -1 };
const ENDS = { Home: 0, End: -1 };
// Media events do not bubble, so the row listens in the capture phase.
const MEDIA_EVENTS = ["play", "pause", "seeking", "ended"];

class SpokenWords extends HTMLElement {
  #words = [];
  #lines = [];
  #now = null; // the word that is being played
  #frame = 0;

  connectedCallback() {
    this.#words = [...this.querySelectorAll(".w")];
    this.#lines = [...this.querySelectorAll(".line")];
    if (this.#words.length) this.#makeStop(this.#words[0]);
    this.row = this.closest(".note");
    for (const type of ["click", "keydown"]) this.addEventListener(type, this);
    for (const type of MEDIA_EVENTS) this.row.addEventListener(type, this, true);
    requestAnimationFrame(() => this.#follow()); // audio may go on playing after a swap
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    for (const type of MEDIA_EVENTS) this.row.removeEventListener(type, this, true);
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event.target.closest(".w"));
    else if (event.type === "keydown") this.#onKey(event);
    else this.#follow();
  }

  get player() {
    return this.row.querySelector("voice-player");
  }

  #onClick(word) {
    if (!word || !getSelection().isCollapsed) return; // text is being selected
    this.#makeStop(word);
    this.player?.playFrom(Number(word.dataset.start));
  }

  #onKey(event) {
    const word = event.target.closest(".w");
    if (!word || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.player?.playFrom(Number(word.dataset.start));
    else if (!this.#move(word, event)) return;
    event.preventDefault();
    event.stopPropagation(); // in the rest of the note, arrows and space control the player
  }

  #move(word, { key, shiftKey }) {
    const target = this.#beside(word, key);
    if (!target) return key in NEXT || key in NEXT_LINE;
    this.#makeStop(target);
    if (shiftKey) mark(word, target);
    else getSelection().removeAllRanges();
    target.focus();
    return true;
  }

  #beside(word, key) {
    if (key in NEXT) return this.#words[this.#words.indexOf(word) + NEXT[key]];
    if (key in NEXT_LINE)
      return this.#lines[this.#lines.indexOf(word.closest(".line")) + NEXT_LINE[key]]?.querySelector(".w");
    if (key in ENDS) return this.#words.at(ENDS[key]);
    return null;
  }

  #makeStop(word) {
    for (const other of this.querySelectorAll(".w[tabindex]")) {
      other.removeAttribute("tabindex");
      other.removeAttribute("role");
    }
    word.tabIndex = 0;
    word.setAttribute("role", "button");
  }

  // Marks the present word: in each frame while it plays, else once.
  #follow() {
    cancelAnimationFrame(this.#frame);
    const { player } = this;
    if (!player || !this.#words.length) return;
    this.#show(player.hasBegun ? this.#lastBefore(player.position) : null);
    if (player.isPlaying) this.#frame = requestAnimationFrame(() => this.#follow());
  }

  #lastBefore(seconds) {
    let [from, past] = [0, this.#words.length];
    while (from < past) {
      const middle = (from + past) >> 1;
      if (Number(this.#words[middle].dataset.start) <= seconds) from = middle + 1;
      else past = middle;
    }
    return this.#words[from - 1] ?? null;
  }

  #show(word) {
    if (word === this.#now) return;
    this.#now?.classList.remove("is-now");
    word?.classList.add("is-now");
    this.#showLine(this.#now?.closest(".line"), word?.closest(".line"));
    this.#now = word;
  }

  // The line has aria-current, and not the word: a screen reader would announce each word.
  #showLine(before, line) {
    if (before === line) return;
    const wasInSight = before && isInSight(before);
    before?.removeAttribute("aria-current");
    line?.setAttribute("aria-current", "true");
    if (line && wasInSight && !isInSight(line) && !isScrolling())
      line.scrollIntoView({ block: "nearest", behavior: behaviour() });
  }
}

// Selects up to `target`, from where the selection began, so that it can also become shorter.
function mark(word, target) {
  const selection = getSelection();
  if (selection.isCollapsed) selection.setBaseAndExtent(word, 0, word, word.childNodes.length);
  selection.extend(target, target.childNodes.length);
}

function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
customElements.define("spoken-words", SpokenWords);
