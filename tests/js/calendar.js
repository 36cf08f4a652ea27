// A small tape chart for tests: rooms 101 and 102 of property 1, room 201 of property 2, and property 1's unassigned row.
import { draw } from "harness";

const BARS = {
  101: [
    { id: "bar-1", name: "Ada Byron", arrival: "2027-05-03", departure: "2027-05-06", status: "confirmed" },
    { id: "bar-2", name: "Bo Sand", arrival: "2027-05-10", departure: "2027-05-12", status: "in_house" },
  ],
  102: [
    { id: "bar-3", name: "Cy Young", arrival: "2027-05-05", departure: "2027-05-08", status: "checked_out" },
    { id: "bar-4", name: "Tiling", arrival: "2027-05-20", departure: "2027-05-22", closure: "9" },
  ],
};

export function drawCalendar() {
  const rows = [row({ unit: "", name: "Unassigned" }), row({ unit: "101" }), row({ unit: "102" })];
  const other = row({ unit: "201", property: "2" });
  return draw(`<div id="chart" data-first="2027-05-01" data-days="31"><div class="tape">
    ${days(["1", "2", "3", "4"], "4")}${rows.join("")}${other}</div></div>`);
}

export function bar(id) {
  return document.getElementById(id);
}

export function row$(unit) {
  return document.querySelector(`.tape-row[data-unit="${unit}"]`);
}

function days(numbers, today) {
  return numbers.map((day) => `<span class="tape-day ${day === today ? "is-today" : ""}">${day}</span>`).join("");
}

function row({ unit, property = "1", name = unit }) {
  const bars = (BARS[unit] ?? []).map(({ id, name: label, arrival, departure, status = "", closure = null }) => {
    const kind = closure ? `data-closure="${closure}"` : `data-status="${status}" data-reference="RT-${id}"`;
    return `<a class="bar" id="${id}" href="/" aria-label="${label}, 2 nights" data-arrival="${arrival}"
      data-departure="${departure}" ${kind}>${label}</a>`;
  });
  return `<div class="tape-row" data-unit="${unit}" data-property="${property}" data-name="${name}">
    <span class="tape-unit">${name}</span><div class="tape-track">${bars.join("")}</div></div>`;
}
