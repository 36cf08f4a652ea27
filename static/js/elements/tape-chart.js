// What is done on the tape chart by hand: a bar is moved, its ends are pulled, free nights become a booking. This file
// shows the wish and sends it; `tape-pointer` and `tape-keys` read it from mouse, finger and keys. The bars themselves
// are never touched: the server decides, and its answer draws the rows.
import { Ghost } from "lib/tape-ghost";
import { KeyHand } from "lib/tape-keys";
import { PointerHand } from "lib/tape-pointer";
import { send } from "lib/tape-send";
import { nameOf } from "lib/tape-wish";

const OUTSIDE = ["keydown", "pointerdown"];

class TapeChart extends HTMLElement {
  isAway = false; // a wish is on its way to the server

  connectedCallback() {
    this.menuAtPlace = this.querySelector("[data-menu]");
    if (!this.menuAtPlace || !this.querySelector(".tape")) return;
    this.card = this.querySelector("tape-card");
    this.away = this.querySelector("[data-away]");
    this.ghost = new Ghost(this);
    this.hands = [new PointerHand(this, this), new KeyHand(this, this)];
    document.addEventListener("submit", this);
    for (const type of OUTSIDE) document.addEventListener(type, this, true);
  }

  disconnectedCallback() {
    for (const hand of this.hands ?? []) hand.forget();
    document.removeEventListener("submit", this);
    for (const type of OUTSIDE) document.removeEventListener(type, this, true);
  }

  handleEvent(event) {
    if (event.type === "submit") this.#submit(event);
    else if (event.type === "pointerdown") this.#onPress(event);
    else this.#onKey(event);
  }

  // --- what the hands tell ---

  begin(wish) {
    this.dataset.busy = "";
    this.card?.hide();
    if (wish.bar) wish.bar.classList.add("is-lifted");
    this.#offerLane(wish);
    this.wish = null;
    this.#say("");
  }

  change(wish, { isKeyboard = false } = {}) {
    const words = this.wish || !wish.bar ? wish.words : `${nameOf(wish.bar)} taken up. ${wish.words}`;
    if (wish.words !== this.wish?.words) this.#say(words);
    this.wish = wish;
    this.ghost.show(wish);
    this.away.classList.toggle("is-target", wish.isLane);
    if (isKeyboard) this.ghost.scrollIntoView();
  }

  async drop(wish, at) {
    if (!wish.bar) return this.#offer(wish, at);
    if (wish.isSame) return this.cancel();
    this.isAway = true;
    const { bar } = wish;
    const isDone = await send(this, this.dataset.drop, fieldsOf(wish));
    this.isAway = false;
    this.#end();
    this.#say(isDone ? `${nameOf(bar)}: ${wish.place}, ${wish.when}.` : `${nameOf(bar)} is back where it was.`);
    return undefined;
  }

  cancel() {
    const { bar } = this.wish ?? {};
    this.#end();
    this.#say(bar ? `${nameOf(bar)} is back where it was.` : "Nothing is marked.");
  }

  async menu(bar) {
    await this.card.show(bar);
    this.card.querySelector(".card-actions :is(a, button)")?.focus();
  }

  say(words) {
    this.#say(words);
  }

  // --- how it shows ---

  #end() {
    for (const hand of this.hands) hand.forget();
    this.ghost.hide();
    if (this.#isMenuOpen) this.menuAtPlace.hidePopover();
    this.querySelector(".bar.is-lifted")?.classList.remove("is-lifted");
    this.away.hidden = true;
    this.wish = null;
    this.from = null;
    delete this.dataset.busy;
  }

  #say(words) {
    this.querySelector("[data-say]").textContent = words;
  }

  // Managers may take a room away: while a stay is carried, there is a place under the chart to put it down.
  #offerLane({ bar, isLane }) {
    this.away.hidden = !("overrules" in this.dataset) || !bar || "closure" in bar.dataset || isLane;
  }

  // --- free nights: what is to become of them? ---

  #offer(wish, at) {
    const box = this.ghost.getBoundingClientRect();
    const { x, y } = at ?? { x: box.left, y: box.bottom };
    for (const link of this.menuAtPlace.querySelectorAll("a")) link.href = addressFor(link, wish);
    this.menuAtPlace.querySelector("[data-where]").textContent = wish.words;
    this.from = document.activeElement;
    this.menuAtPlace.showPopover();
    this.menuAtPlace.style.setProperty(
      "--left",
      `${Math.max(8, Math.min(x, innerWidth - this.menuAtPlace.offsetWidth - 8))}px`,
    );
    this.menuAtPlace.style.setProperty(
      "--top",
      `${Math.max(8, Math.min(y + 6, innerHeight - this.menuAtPlace.offsetHeight - 8))}px`,
    );
    this.menuAtPlace.querySelector("a").focus();
  }

  get #isMenuOpen() {
    return this.menuAtPlace.matches(":popover-open");
  }

  // Pressed somewhere else: nothing stays carried or marked. Inside the chart its own hand sees to it.
  #onPress({ target }) {
    if (this.wish && !this.isAway && !this.menuAtPlace.contains(target) && !target.closest(".tape")) this.cancel();
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && this.wish && !this.isAway) this.#leave();
    else if (this.#isMenuOpen && step) this.#step(step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #leave() {
    const { from } = this;
    this.cancel();
    if (from?.isConnected) from.focus({ preventScroll: true });
  }

  #step(step) {
    const links = [...this.menuAtPlace.querySelectorAll("a")];
    links[(links.indexOf(document.activeElement) + step + links.length) % links.length].focus();
  }

  // --- forms of the chart: steps on the card, the dialog's ways out, Undo in a toast ---

  async #submit(event) {
    const form = event.target;
    const isUndo =
      form.matches("[data-undo]") && new URL(form.action).pathname.startsWith(this.dataset.undo.replace(/0\/$/, ""));
    if (event.defaultPrevented || form.method !== "post" || !(isUndo || this.contains(form))) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    const isDone = await send(this, form.action, fields);
    if (isUndo) form.closest(".toast-card")?.remove();
    else if (isDone) this.card?.hide();
    if (document.activeElement === document.body) this.querySelector(".tape").focus({ preventScroll: true });
  }
}

function fieldsOf({ bar, row, arrival, departure }) {
  const { reference = "", closure = "", version = "" } = bar.dataset;
  const [, segment] = bar.id.match(/^bar-(\d+)$/) ?? [];
  const fields = {
    reference,
    closure,
    version,
    segment: closure ? "" : (segment ?? ""),
    unit: row.dataset.unit,
    arrival,
    departure,
    bar: bar.id,
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

function addressFor(link, { row, arrival, departure }) {
  const address = new URL(link.href);
  const { property, unit } = row.dataset;
  for (const [name, value] of Object.entries({ property, unit, arrival, departure }))
    address.searchParams.set(name, value);
  return address.href;
}
customElements.define("tape-chart", TapeChart);
