// Editing on the tape chart: moving bars, changing their dates, marking free nights for a booking. This element shows
// the requested placement and sends it; `tape-pointer` and `tape-keys` produce it from mouse, finger and keys. Bars are
// not moved here: the server's response has the rows as they are afterwards.
import { Ghost } from "lib/tape-ghost";
import { KeyboardInput } from "lib/tape-keys";
import { nameOf } from "lib/tape-placement";
import { PointerInput } from "lib/tape-pointer";
import { differenceOf, priceOf } from "lib/tape-prices";
import { sendChange } from "lib/tape-requests";

const OUTSIDE = ["keydown", "pointerdown"];
const REST_MS = 120; // how long a bar that is dragged rests at a place before its price there is asked

class TapeChart extends HTMLElement {
  isSending = false; // whether a placement was sent and is not answered yet

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

  // --- rows in responses of the server ---

  // Replaces a row in place of htmx, which would dispatch events and search htmx attributes in each row: 60 rows took
  // 300 ms of processor time with htmx, and take 100 ms here. htmx keeps the focus on the bar with the same id; if
  // there is none any more, the row's first bar gets the focus.
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

  // Called one time for all rows of a response.
  #onRows() {
    this.isRedrawn = false;
    this.dispatchEvent(new CustomEvent("tape:swapped"));
    const row = document.getElementById(this.focusedRow);
    this.focusedRow = null;
    if (!row || document.activeElement !== document.body) return;
    (row.querySelector(".bar") ?? this.querySelector(".tape")).focus({ preventScroll: true });
  }

  // --- called by PointerInput and KeyboardInput ---

  begin(placement) {
    this.dataset.busy = "";
    this.card?.hide();
    if (placement.bar) placement.bar.classList.add("is-lifted");
    this.#offerLane(placement);
    this.placement = null;
    this.#say("");
  }

  change(placement, { isKeyboard = false } = {}) {
    if (this.placement?.isLike(placement)) return;
    const words =
      this.placement || !placement.bar ? placement.words : `${nameOf(placement.bar)} taken up. ${placement.words}`;
    if (placement.words !== this.placement?.words) this.#say(words);
    this.placement = placement;
    this.ghost.show(placement);
    this.unassignArea.classList.toggle("is-target", placement.isUnassigned);
    if (isKeyboard) this.ghost.scrollIntoView();
    if (!isKeyboard && !placement.bar) return; // the menu has the price of nights that are marked by mouse
    const show = (price) => {
      this.ghost.addPrice(price);
      this.#say(`${placement.words}, ${price}`);
    };
    this.#price(placement, show, isKeyboard ? 0 : REST_MS);
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

  // --- what is shown ---

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

  // For managers, an area below the chart takes the room away from a stay that is dropped there.
  #offerLane({ bar, isUnassigned }) {
    this.unassignArea.hidden = !("overrules" in this.dataset) || !bar || "closure" in bar.dataset || isUnassigned;
  }

  // Calls `show` with the price of free nights, or with by how much a stay would get dearer there. It asks for that
  // after a rest, and shows it unless other nights are marked by the time it is known.
  async #price(placement, show, restMs = 0) {
    const { bar, isFree, isUnassigned } = placement;
    if (!isFree || isUnassigned || (bar && ("closure" in bar.dataset || placement.isUnchanged))) return;
    if (restMs) await new Promise((resolve) => setTimeout(resolve, restMs));
    if (!this.placement?.isLike(placement)) return;
    const price = await (bar ? differenceOf : priceOf)(this, placement);
    if (price && this.placement?.isLike(placement)) show(price);
  }

  // --- the menu of marked free nights ---

  #offer(placement, at) {
    const box = this.ghost.getBoundingClientRect();
    const place = at ?? { x: box.left, y: box.bottom };
    for (const link of this.menuAtPlace.querySelectorAll("a")) link.href = addressFor(link, placement);
    const where = this.menuAtPlace.querySelector("[data-where]");
    where.textContent = placement.words;
    this.from = document.activeElement;
    this.menuAtPlace.showPopover();
    this.#placeMenu(place);
    this.menuAtPlace.querySelector("a").focus();
    this.#price(placement, (price) => {
      where.textContent = `${placement.words}, ${price}`;
      this.#placeMenu(place);
    });
  }

  #placeMenu({ x, y }) {
    const { offsetWidth, offsetHeight, style } = this.menuAtPlace;
    style.setProperty("--left", `${Math.max(8, Math.min(x, innerWidth - offsetWidth - 8))}px`);
    style.setProperty("--top", `${Math.max(8, Math.min(y + 6, innerHeight - offsetHeight - 8))}px`);
  }

  get #isMenuOpen() {
    return this.menuAtPlace.matches(":popover-open");
  }

  // Cancels the placement when something outside the chart is pressed. Inside, PointerInput does that.
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
    if (!(name === "departure" && "openEnd" in link.dataset)) address.searchParams.set(name, value);
  return address.href;
}
customElements.define("tape-chart", TapeChart);
