// The booking form with its months: a picked day fills arrival or departure at once, arrow keys walk the days.
// Without this element the same buttons send the form, and the server fills it.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const TURNS = { PageUp: "previous", PageDown: "following" };

// What the hints are about, see hx-params in new.html. A name changes nothing in them, and what is pressed when its field
// is left must not be drawn anew under the pointer.
const ASKED = ["property", "unit", "room_type", "party_size", "arrival", "departure"];

class StayPicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.addEventListener("change", this, true); // before htmx hears of it
  }

  handleEvent(event) {
    if (event.type === "change") {
      if (!ASKED.includes(event.target.name)) event.stopPropagation();
      return;
    }
    const day = event.target.closest("button[name=pick]");
    if (!day) return;
    if (event.type === "click") this.#pick(event, day.value);
    else this.#walk(event, day);
  }

  #pick(event, date) {
    event.preventDefault();
    event.stopPropagation();
    const { arrival, departure } = this.querySelector("form").elements;
    if (arrival.value && !departure.value && date > arrival.value) departure.value = date;
    else [arrival.value, departure.value] = [date, ""];
    arrival.dispatchEvent(new CustomEvent("stay-picked", { bubbles: true }));
  }

  #walk(event, day) {
    if (event.key in TURNS) {
      event.preventDefault();
      this.querySelector(`#month-${TURNS[event.key]}`)?.click();
      return;
    }
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const days = [...this.querySelectorAll("button[name=pick]")];
    days[days.indexOf(day) + STEPS[event.key]]?.focus();
  }
}
customElements.define("stay-picker", StayPicker);
