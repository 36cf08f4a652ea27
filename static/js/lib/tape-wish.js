// What is wished on the chart while a gesture runs: a line and nights, for a bar that was taken up or for a new stay.
import { addDays, daysBetween, spanInWords } from "lib/tape-days";

const MOVABLE = ["held", "confirmed", "in_house"];

export class Wish {
  constructor({ bar = null, row, arrival, departure }) {
    Object.assign(this, { bar, row, arrival, departure });
  }

  static ofBar(bar) {
    const { arrival, departure } = bar.dataset;
    return new Wish({ bar, row: bar.closest(".tape-row"), arrival, departure });
  }

  // Another wish, with other values for some of these.
  with(changes) {
    return new Wish({ ...this, ...changes });
  }

  get isLane() {
    return this.row.dataset.unit === "";
  }

  get isSame() {
    const { arrival, departure } = this.bar.dataset;
    return this.row === this.bar.closest(".tape-row") && this.arrival === arrival && this.departure === departure;
  }

  // Who stands in the way, as far as this page knows: a bar, or null. The server has the last word.
  get inTheWay() {
    if (this.isLane) return null;
    const others = [...this.row.querySelectorAll(".bar:not(.tape-ghost)")].filter((bar) => !isOwn(bar, this.bar));
    return others.find(({ dataset }) => dataset.arrival < this.departure && this.arrival < dataset.departure) ?? null;
  }

  get isElsewhere() {
    return this.bar !== null && this.row.dataset.property !== this.bar.closest(".tape-row").dataset.property;
  }

  get isFree() {
    return !this.isElsewhere && this.inTheWay === null;
  }

  // Room 104, 3 to 6 May, free
  get words() {
    if (this.isElsewhere) return `${this.place}, another property`;
    if (this.isLane) return `${this.place}, ${this.when}`;
    return `${this.place}, ${this.when}, ${this.inTheWay ? `taken: ${nameOf(this.inTheWay)}` : "free"}`;
  }

  get place() {
    const { name } = this.row.dataset;
    if (this.isLane) return "Without a room";
    return /^\d/.test(name) ? `Room ${name}` : name;
  }

  get when() {
    const nights = daysBetween(this.arrival, this.departure);
    return `${spanInWords(this.arrival, this.departure)}, ${nights === 1 ? "1 night" : `${nights} nights`}`;
  }
}

// Parts of one stay give each other their nights.
function isOwn(bar, mine) {
  return bar.id === mine?.id || (mine?.dataset.reference && bar.dataset.reference === mine.dataset.reference);
}

export function isMovable(bar) {
  return "closure" in bar.dataset || MOVABLE.includes(bar.dataset.status);
}

export function isInHouse(bar) {
  return bar.dataset.status === "in_house";
}

export function nameOf(bar) {
  return bar.getAttribute("aria-label").split(",")[0];
}

// The bar's nights, its end put `days` later; never less than one night.
export function withEnd(wish, end, days) {
  const moved = addDays(wish[end], days);
  if (end === "arrival") return wish.with({ arrival: moved < wish.departure ? moved : addDays(wish.departure, -1) });
  return wish.with({ departure: moved > wish.arrival ? moved : addDays(wish.arrival, 1) });
}

export function shifted(wish, days) {
  return wish.with({ arrival: addDays(wish.arrival, days), departure: addDays(wish.departure, days) });
}
