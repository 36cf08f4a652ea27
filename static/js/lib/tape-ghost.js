// The bar that shows a requested placement on the chart: green where the nights seem free, red where they do not.
import { daysBetween, spanInWords } from "lib/tape-days";

export class Ghost {
  #ghost = document.createElement("div");

  constructor(chart) {
    this.chart = chart;
    this.#ghost.className = "bar tape-ghost";
    this.#ghost.setAttribute("aria-hidden", "true");
    this.#ghost.append(document.createElement("span"));
  }

  show(placement) {
    const { first, days } = this.chart.dataset;
    const from = Math.max(0, 2 * daysBetween(first, placement.arrival) + 1);
    const to = Math.min(2 * Number(days), 2 * daysBetween(first, placement.departure) + 1);
    this.#ghost.style.setProperty("--from", from);
    this.#ghost.style.setProperty("--to", Math.max(to, from + 1));
    this.#ghost.classList.toggle("is-inhouse", placement.isFree);
    this.#ghost.classList.toggle("is-problem", !placement.isFree);
    this.#ghost.firstChild.textContent = spanInWords(placement.arrival, placement.departure);
    this.#mark(placement.row);
    const track = placement.row.querySelector(".tape-track");
    if (this.#ghost.parentElement !== track) track.append(this.#ghost);
  }

  addPrice(price) {
    this.#ghost.firstChild.textContent += ` · ${price}`;
  }

  hide() {
    this.#mark(null);
    this.#ghost.remove();
  }

  getBoundingClientRect() {
    return this.#ghost.getBoundingClientRect();
  }

  scrollIntoView() {
    this.#ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #mark(row) {
    if (row?.classList.contains("is-target")) return;
    this.chart.querySelector(".tape-row.is-target")?.classList.remove("is-target");
    row?.classList.add("is-target");
  }
}
