// A requested placement on the chart: a row and nights, for a bar that is moved or for a new stay.
import { addDays, daysBetween, spanInWords } from "lib/tape-days";

const MOVABLE = ["held", "confirmed", "in_house"];

export class Placement {
  constructor({ bar = null, row, arrival, departure }) {
    Object.assign(this, { bar, row, arrival, departure });
  }

  static ofBar(bar) {
    const { arrival, departure } = bar.dataset;
    return new Placement({ bar, row: bar.closest(".tape-row"), arrival, departure });
  }

  // A copy with some other values.
  with(changes) {
    return new Placement({ ...this, ...changes });
  }

  get isUnassigned() {
    return this.row.dataset.unit === "";
  }

  get isUnchanged() {
    const { arrival, departure } = this.bar.dataset;
    return this.row === this.bar.closest(".tape-row") && this.arrival === arrival && this.departure === departure;
  }

  isLike({ bar, row, arrival, departure }) {
    return this.bar === bar && this.row === row && this.arrival === arrival && this.departure === departure;
  }

  // A bar on this page that takes one of the nights, or null. The server may know of others.
  get conflict() {
    if (this.isUnassigned) return null;
    const others = [...this.row.querySelectorAll(".bar:not(.tape-ghost)")].filter((bar) => !isOwn(bar, this.bar));
    return others.find(({ dataset }) => dataset.arrival < this.departure && this.arrival < dataset.departure) ?? null;
  }

  get isInOtherProperty() {
    return this.bar !== null && this.row.dataset.property !== this.bar.closest(".tape-row").dataset.property;
  }

  get isFree() {
    return !this.isInOtherProperty && this.conflict === null;
  }

  // Such as "Room 104, 3 to 6 May, 3 nights, free".
  get words() {
    if (this.isInOtherProperty) return `${this.place}, another property`;
    if (this.isUnassigned) return `${this.place}, ${this.when}`;
    return `${this.place}, ${this.when}, ${this.conflict ? `taken: ${nameOf(this.conflict)}` : "free"}`;
  }

  get place() {
    const { name } = this.row.dataset;
    if (this.isUnassigned) return "Without a room";
    return /^\d/.test(name) ? `Room ${name}` : name;
  }

  get when() {
    const nights = daysBetween(this.arrival, this.departure);
    return `${spanInWords(this.arrival, this.departure)}, ${nights === 1 ? "1 night" : `${nights} nights`}`;
  }
}

// Segments of the same stay are no conflict, because they are shortened or extended together.
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

// The placement with its arrival or departure (`end`) moved by `days`, but with at least one night.
export function withEnd(placement, end, days) {
  const moved = addDays(placement[end], days);
  if (end === "arrival")
    return placement.with({ arrival: moved < placement.departure ? moved : addDays(placement.departure, -1) });
  return placement.with({ departure: moved > placement.arrival ? moved : addDays(placement.arrival, 1) });
}

export function shifted(placement, days) {
  return placement.with({ arrival: addDays(placement.arrival, days), departure: addDays(placement.departure, days) });
}

// The free night where the pointer is, as a placement with the number of its `column`, or null elsewhere. It is that of
// the column, or where that is taken the night before, which ends in the middle of the column.
export function nightAt(chart, { target, clientX }) {
  const row = target.closest(".tape-row");
  if (!row || row.dataset.unit === "" || target.closest(".bar") || !target.closest(".tape-track")) return null;
  const column = columnAt(chart, row, clientX);
  const night = nightOf(chart, row, column);
  if (!night.conflict) return night;
  const before = column > 0 ? nightOf(chart, row, column - 1) : night;
  return before.conflict ? null : before;
}

export function columnAt(chart, row, x) {
  const column = Math.floor((x - row.querySelector(".tape-track").getBoundingClientRect().left) / dayWidth(chart, row));
  return Math.min(Math.max(column, 0), Number(chart.dataset.days) - 1);
}

export function dayWidth(chart, row) {
  return row.querySelector(".tape-track").getBoundingClientRect().width / Number(chart.dataset.days);
}

function nightOf(chart, row, column) {
  const arrival = addDays(chart.dataset.first, column);
  return Object.assign(new Placement({ row, arrival, departure: addDays(arrival, 1) }), { column });
}
