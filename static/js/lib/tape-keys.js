// Editing the chart by keyboard. Space takes up the focused bar; N marks a free night beside it. Arrows move the bar or
// the marked nights, with Shift the departure; Enter drops it, Escape cancels. M opens the menu of the bar.
import { addDays } from "lib/tape-days";
import { isInHouse, isMovable, Placement, shifted, withEnd } from "lib/tape-placement";

const DAYS = { ArrowLeft: -1, ArrowRight: 1 };
const LINES = { ArrowUp: -1, ArrowDown: 1 };

function oneNight(row, arrival) {
  return new Placement({ row, arrival, departure: addDays(arrival, 1) });
}

export class KeyboardInput {
  constructor(chart) {
    Object.assign(this, { chart, placement: null });
    // In the capture phase, before the listener of tape-grid.
    chart.querySelector(".tape").addEventListener("keydown", this, true);
  }

  reset() {
    this.placement = null;
  }

  handleEvent(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || this.chart.isSending) return;
    const act = this.placement ? this.#carrying(event) : this.#resting(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #resting({ key, shiftKey, target }) {
    const bar = target.closest(".bar");
    const isOnChart = target.matches(".tape"); // no stay has the focus
    if ((key.toLowerCase() === "n" && !shiftKey) || (key === "Enter" && isOnChart))
      return () => this.#mark(bar, target);
    if (!bar) return null;
    if (key === " ") return () => this.#takeUp(bar);
    const isMenu = key.toLowerCase() === "m" || key === "ContextMenu" || (key === "F10" && shiftKey);
    return isMenu ? () => this.chart.menu(bar) : null;
  }

  #carrying({ key, shiftKey }) {
    if (key in DAYS)
      return () => this.#change(shiftKey ? withEnd(this.placement, "departure", DAYS[key]) : this.#shifted(DAYS[key]));
    if (key in LINES)
      return () => this.#change(this.placement.with({ row: this.#line(LINES[key]) ?? this.placement.row }));
    if (key === "Enter" || key === " ") return () => this.#drop();
    if (key === "Tab") return () => this.chart.cancel();
    return null;
  }

  #takeUp(bar) {
    if (!isMovable(bar)) return this.chart.say("This stay is over and cannot be moved.");
    return this.#begin(Placement.ofBar(bar));
  }

  // Marks the first free night after the bar; without a bar, from tonight in the next row.
  #mark(bar, target) {
    const row = bar?.closest(".tape-row") ?? this.#rowsAfter(target)[0];
    if (!row) return;
    const { first, days } = this.chart.dataset;
    let placement = oneNight(row, bar?.dataset.departure ?? this.#today());
    while (placement.conflict) placement = oneNight(row, placement.conflict.dataset.departure);
    if (placement.arrival >= addDays(first, Number(days)))
      this.chart.say("No free night is shown in this row after it.");
    else this.#begin(placement);
  }

  #begin(placement) {
    this.placement = placement;
    this.chart.begin(placement);
    this.#change(placement);
  }

  #change(placement) {
    this.placement = placement;
    this.chart.change(placement, { isKeyboard: true });
  }

  #shifted(days) {
    if (this.placement.bar && isInHouse(this.placement.bar)) return this.placement; // its arrival cannot change
    return shifted(this.placement, days);
  }

  #drop() {
    const { placement } = this;
    this.placement = null;
    this.chart.drop(placement, null);
  }

  #line(step) {
    const rows = this.#rows().filter(
      (row) => !this.placement.bar || row.dataset.property === this.placement.row.dataset.property,
    );
    return rows[rows.indexOf(this.placement.row) + step];
  }

  #rows() {
    const rows = [...this.chart.querySelectorAll(".tape-row:not([hidden])")];
    return rows.filter((row) => row.getClientRects().length && (this.placement?.bar || row.dataset.unit !== ""));
  }

  #today() {
    const days = [...this.chart.querySelectorAll(".tape-day")];
    return addDays(
      this.chart.dataset.first,
      Math.max(
        0,
        days.findIndex((day) => day.matches(".is-today")),
      ),
    );
  }

  #rowsAfter(target) {
    const rows = this.#rows();
    const after = rows.filter((row) => target.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
    return after.length ? after : rows;
  }
}
