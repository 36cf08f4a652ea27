// The button at the end of a field for a day: it opens the browser's own calendar, and so do Alt and the down arrow in the
// field. The chosen day is written as the pages write days. Without this element the day is typed.
import { isoDay, written } from "lib/days";

class DayPicker extends HTMLElement {
  connectedCallback() {
    this.field = this.previousElementSibling;
    this.calendar = this.querySelector("input");
    this.querySelector("button").addEventListener("click", this);
    this.calendar.addEventListener("change", this);
    this.field.addEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.#open();
    else if (event.type === "keydown") event.altKey && event.key === "ArrowDown" && this.#open();
    else this.#take(event);
  }

  #open() {
    this.calendar.value = isoDay(this.field.value);
    this.calendar.showPicker();
  }

  #take(event) {
    event.stopPropagation();
    if (!this.calendar.value) return;
    this.field.value = written(this.calendar.value);
    for (const type of ["input", "change"]) this.field.dispatchEvent(new Event(type, { bubbles: true }));
    this.field.focus();
  }
}
customElements.define("day-picker", DayPicker);
