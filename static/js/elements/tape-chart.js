// Editing on the tape chart: a bar is moved, its ends are pulled, free nights become a booking. This file
// shows the requested placement and sends it; `tape-pointer` and `tape-keys` read it from mouse, finger and keys. The
// bars themselves are never touched: the server decides, and its answer draws the rows.
import { Ghost } from "lib/tape-ghost";
import { KeyboardInput } from "lib/tape-keys";
import { nameOf } from "lib/tape-placement";
import { PointerInput } from "lib/tape-pointer";
import { sendChange } from "lib/tape-requests";

const OUTSIDE = ["keydown", "pointerdown"];

class TapeChart extends HTMLElement {
  isSending = false; // a placement is on its way to the server

  connectedCallback() {
    this.menuAtPlace = this.querySelector("[data-menu]");
    if (!this.menuAtPlace || !this.querySelector(".tape")) return;
    this.card = this.querySelector("tape-card");
    this.unassignArea = this.querySelector("[data-unassign]");
    this.ghost = new Ghost(this);
    this.inputs = [new PointerInput(this), new KeyboardInput(this)];
    document.addEventListener("submit", this);
    for (const type of OUTSIDE) document.addEventListener(type, this, true);
    this.addEventListener("htmx:oobBeforeSwap", this);
  }

  disconnectedCallback() {
    for (const input of this.inputs ?? []) input.reset();
    document.removeEventListener("submit", this);
    for (const type of OUTSIDE) document.removeEventListener(type, this, true);
  }

  handleEvent(event) {
    if (event.type === "submit") this.#submit(event);
    else if (event.type === "pointerdown") this.#onPress(event);
    else if (event.type === "htmx:oobBeforeSwap") this.#onRow(event);
    else this.#onKey(event);
  }

  // --- rows that the server has drawn again ---

  // Rows are replaced here, because htmx tells each new row of every later one and looks in it for its own attributes,
  // which rows have none of: 60 rows took it 300 ms of the processor, and take 100 ms so. htmx keeps the focus on the
  // bar with the same id; where that is gone, its row keeps it.
  #onRow(event) {
    const { target, detail } = event;
    event.preventDefault();
    const row = detail.fragment.firstElementChild;
    if (target.isEqualNode(row)) return;
    if (target.contains(document.activeElement)) this.focusedRow = target.closest(".tape-row")?.id;
    target.replaceWith(row);
    if (!this.isRedrawn) queueMicrotask(() => this.#onRows());
    this.isRedrawn = true;
  }

  // Once for all rows of an answer.
  #onRows() {
    this.isRedrawn = false;
    this.dispatchEvent(new CustomEvent("tape:swapped"));
    const row = document.getElementById(this.focusedRow);
    this.focusedRow = null;
    if (!row || document.activeElement !== document.body) return;
    (row.querySelector(".bar") ?? this.querySelector(".tape")).focus({ preventScroll: true });
  }

  // --- called by the inputs ---

  begin(placement) {
    this.dataset.busy = "";
    this.card?.hide();
    if (placement.bar) placement.bar.classList.add("is-lifted");
    this.#offerLane(placement);
    this.placement = null;
    this.#say("");
  }

  change(placement, { isKeyboard = false } = {}) {
    const words =
      this.placement || !placement.bar ? placement.words : `${nameOf(placement.bar)} taken up. ${placement.words}`;
    if (placement.words !== this.placement?.words) this.#say(words);
    this.placement = placement;
    this.ghost.show(placement);
    this.unassignArea.classList.toggle("is-target", placement.isUnassigned);
    if (isKeyboard) this.ghost.scrollIntoView();
  }

  async drop(placement, at) {
    if (!placement.bar) return this.#offer(placement, at);
    if (placement.isUnchanged) return this.cancel();
    this.isSending = true;
    const { bar } = placement;
    const isDone = await sendChange(this, this.dataset.drop, fieldsOf(placement));
    this.isSending = false;
    this.#end();
    this.#say(
      isDone ? `${nameOf(bar)}: ${placement.place}, ${placement.when}.` : `${nameOf(bar)} is back where it was.`,
    );
    return undefined;
  }

  cancel() {
    const { bar } = this.placement ?? {};
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
    for (const input of this.inputs) input.reset();
    this.ghost.hide();
    if (this.#isMenuOpen) this.menuAtPlace.hidePopover();
    this.querySelector(".bar.is-lifted")?.classList.remove("is-lifted");
    this.unassignArea.hidden = true;
    this.placement = null;
    this.from = null;
    delete this.dataset.busy;
  }

  #say(words) {
    this.querySelector("[data-say]").textContent = words;
  }

  // Managers may take a room away: while a stay is carried, there is a place under the chart to put it down.
  #offerLane({ bar, isUnassigned }) {
    this.unassignArea.hidden = !("overrules" in this.dataset) || !bar || "closure" in bar.dataset || isUnassigned;
  }

  // --- the menu of marked free nights ---

  #offer(placement, at) {
    const box = this.ghost.getBoundingClientRect();
    const { x, y } = at ?? { x: box.left, y: box.bottom };
    for (const link of this.menuAtPlace.querySelectorAll("a")) link.href = addressFor(link, placement);
    this.menuAtPlace.querySelector("[data-where]").textContent = placement.words;
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

  // Pressed somewhere else: nothing stays carried or marked. Inside the chart the pointer input does it.
  #onPress({ target }) {
    if (this.placement && !this.isSending && !this.menuAtPlace.contains(target) && !target.closest(".tape"))
      this.cancel();
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && this.placement && !this.isSending) this.#leave();
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

  // --- forms of the chart: steps on the card, the dialog's alternatives, Undo in a toast ---

  async #submit(event) {
    const form = event.target;
    const isUndo =
      form.matches("[data-undo]") && new URL(form.action).pathname.startsWith(this.dataset.undo.replace(/0\/$/, ""));
    if (event.defaultPrevented || form.method !== "post" || !(isUndo || this.contains(form))) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    const isDone = await sendChange(this, form.action, fields);
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
