// Editing the chart by mouse, pen and finger. A finger scrolls; only after a long press does it move a bar or mark
// nights.
import { addDays } from "lib/tape-days";
import { columnAt, dayWidth, isInHouse, isMovable, nightAt, Placement, shifted, withEnd } from "lib/tape-placement";

const FAR_PX = 4; // a shorter movement is a click
const LONG_PRESS_MS = 450;
const STILL_PX = 10; // the most movement of a finger during a long press
const END_PX = 9; // the distance from a bar's end within which the end is moved
const EDGE_PX = 44; // the distance from the chart's edge within which the chart scrolls
const SPEED_PX = 14; // of scrolling in each frame, at the edge

export class PointerInput {
  #press = null; // what was pressed and where, until it is released
  #isDragging = false;
  #tapped = null; // the free night on which the last press ended, until the click that follows
  #frame = 0;
  #timer = 0;

  // It calls chart.begin(placement), change(placement), drop(placement, point) and cancel().
  constructor(chart) {
    Object.assign(this, { chart, scroller: chart.querySelector(".tape") });
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel", "dragstart", "contextmenu"]) {
      this.scroller.addEventListener(type, this);
    }
    this.scroller.addEventListener("click", this, true);
    this.scroller.addEventListener("touchmove", this, { passive: false });
  }

  // Forgets what is pressed.
  reset() {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#press = null;
    this.#isDragging = false;
  }

  handleEvent(event) {
    const act = {
      pointerdown: this.#down,
      pointermove: this.#move,
      pointerup: this.#up,
      pointercancel: this.#cancel,
      click: this.#click,
      touchmove: this.#keepScrollStill,
      contextmenu: this.#keepScrollStill,
      dragstart: this.#preventDragging,
    }[event.type];
    act.call(this, event);
  }

  #down(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    this.#tapped = null;
    this.swallowsClick = this.chart.isSending; // a second drag is not possible yet, and must not follow the bar's link
    if (this.chart.isSending) return;
    const open = this.chart.placement; // one of the keyboard, or a night whose menu is open
    if (open) this.chart.cancel();
    const press = this.#pressed(event);
    if (!press) return;
    this.#press = { ...press, night: press.end === "new" ? nightAt(this.chart, event) : null, open };
    if (event.pointerType === "touch") this.#timer = setTimeout(() => this.#begin(), LONG_PRESS_MS);
  }

  #pressed(event) {
    const bar = event.target.closest(".bar");
    const row = event.target.closest(".tape-row");
    const { clientX: x, clientY: y, pointerId: id, pointerType: type } = event;
    const start = { x, y, id, type, at: { x, y }, scrolled: this.scroller.scrollLeft };
    if (bar) return isMovable(bar) ? { ...start, placement: Placement.ofBar(bar), end: endOf(bar, x) } : null;
    if (!row || row.dataset.unit === "" || !event.target.closest(".tape-track")) return null;
    const arrival = addDays(this.chart.dataset.first, columnAt(this.chart, row, x));
    return { ...start, placement: new Placement({ row, arrival, departure: addDays(arrival, 1) }), end: "new" };
  }

  #move(event) {
    if (!this.#press) return hint(event);
    if (event.pointerId !== this.#press.id) return undefined;
    this.#press.at = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(event.clientX - this.#press.x, event.clientY - this.#press.y);
    if (this.#isDragging) return this.#change();
    if (this.#press.type === "touch") return far > STILL_PX ? this.reset() : undefined;
    return far > FAR_PX ? this.#begin() : undefined;
  }

  #begin() {
    this.#isDragging = true;
    this.placement = null;
    this.scroller.setPointerCapture(this.#press.id);
    this.chart.begin(this.#press.placement);
    this.#change();
    this.#frame = requestAnimationFrame(() => this.#scroll());
  }

  #change() {
    this.placement = this.#requested();
    this.chart.change(this.placement);
  }

  #requested() {
    const { placement, end, x, at, scrolled } = this.#press;
    if (end === "new") return this.#nights(placement, at.x);
    const days = Math.round((at.x - x + this.scroller.scrollLeft - scrolled) / dayWidth(this.chart, placement.row));
    if (end !== "all") return withEnd(placement, end, days);
    const row = this.#rowAt(at) ?? this.placement?.row ?? placement.row;
    const isStaying = isInHouse(placement.bar) || row.dataset.unit === "";
    return (isStaying ? placement : shifted(placement, days)).with({ row });
  }

  // The nights from the pressed day to the day under the pointer, at least one.
  #nights(placement, x) {
    const [one, other] = [
      placement.arrival,
      addDays(this.chart.dataset.first, columnAt(this.chart, placement.row, x)),
    ].sort();
    return placement.with({ arrival: one, departure: one === other ? addDays(one, 1) : other });
  }

  #up(event) {
    if (this.#press?.id !== event.pointerId) return;
    const [wasDragging, { night, open }] = [this.#isDragging, this.#press];
    this.reset();
    this.#tapped = wasDragging || !night ? null : { night, open };
    if (!wasDragging) return;
    this.swallowsClick = true; // a click event follows, which must not open the bar's link
    setTimeout(() => {
      this.swallowsClick = false;
    });
    this.chart.drop(this.placement, { x: event.clientX, y: event.clientY });
  }

  // A click or tap on a free night opens its menu, and a second one closes it. This waits for the click, which would
  // else be one on the menu, if that opens under the finger.
  #offer({ night, open }, at) {
    if (open?.row === night.row && open.arrival === night.arrival) return;
    this.chart.begin(night);
    this.chart.change(night);
    this.chart.drop(night, at);
  }

  #cancel(event) {
    if (this.#press?.id !== event.pointerId) return;
    const wasDragging = this.#isDragging;
    this.reset();
    if (wasDragging) this.chart.cancel();
  }

  #click(event) {
    if (this.swallowsClick) {
      event.preventDefault();
      event.stopPropagation();
    } else if (this.#tapped) this.#offer(this.#tapped, { x: event.clientX, y: event.clientY });
    this.#tapped = null;
  }

  // Prevents scrolling while a finger moves a bar, and the browser's context menu on a long press, also when the
  // browser would open it before LONG_PRESS_MS have passed.
  #keepScrollStill(event) {
    const isLongPress = event.type === "contextmenu" && this.#press?.type === "touch";
    if ((this.#isDragging || isLongPress) && event.cancelable) event.preventDefault();
  }

  #preventDragging(event) {
    event.preventDefault(); // bars are links, which browsers would drag as an address
  }

  #scroll() {
    const box = this.scroller.getBoundingClientRect();
    const left = box.left + this.scroller.querySelector(".tape-corner").offsetWidth;
    const top = box.top + this.scroller.querySelector(".tape-head").offsetHeight;
    const { x, y } = this.#press.at;
    const by = [pull(x, left, box.right), pull(y, top, box.bottom)];
    if (by.some(Boolean)) {
      this.scroller.scrollBy(...by);
      this.#change();
    }
    this.#frame = requestAnimationFrame(() => this.#scroll());
  }

  #rowAt({ x, y }) {
    const under = document.elementFromPoint(x, y);
    if (under?.closest("[data-unassign]"))
      return document.getElementById(`lane-${this.#press.placement.row.dataset.property}`);
    return under?.closest("tape-chart .tape-row");
  }
}

// The end of the bar under the pointer: "arrival", "departure", or "all" for its middle. An end outside the page, and
// the arrival of a party in the house, cannot be moved.
function endOf(bar, x) {
  const box = bar.getBoundingClientRect();
  const reach = Math.min(END_PX, box.width / 4);
  if (box.right - x < reach && !bar.matches(".until-after")) return "departure";
  if (x - box.left < reach && !bar.matches(".from-before") && !isInHouse(bar)) return "arrival";
  return "all";
}

function hint(event) {
  const bar = event.target.closest(".bar");
  if (bar && event.pointerType === "mouse")
    bar.classList.toggle("is-end", isMovable(bar) && endOf(bar, event.clientX) !== "all");
}

function pull(at, start, end) {
  if (at < start + EDGE_PX) return -SPEED_PX * Math.min(1, (start + EDGE_PX - at) / EDGE_PX);
  if (at > end - EDGE_PX) return SPEED_PX * Math.min(1, (at - end + EDGE_PX) / EDGE_PX);
  return 0;
}
