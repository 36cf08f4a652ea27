// The form of a stay with its calendar of months. Pressing a day fills in the arrival or the departure; arrow keys move
// the focus between days. Without this element the same buttons send the form, and the server fills it in.
import { isoDay, written } from "lib/days";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const TURNS = { PageUp: "previous", PageDown: "following" };

// The fields on which the hints depend, as in hx-params in new.html and change.html. A change of another field, such as the name, must
// not replace the hints, because a click that leaves this field may be on one of their buttons.
const HINT_FIELDS = ["property", "unit", "room_type", "party_size", "arrival", "departure"];

class StayPicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.addEventListener("change", this, true); // in the capture phase, before htmx
  }

  handleEvent(event) {
    if (event.type === "change") return this.#onChange(event);
    const day = event.target.closest("button[name=pick]");
    if (!day) return;
    if (event.type === "click") this.#pick(event, day.value);
    else this.#onKey(event, day);
  }

  #onChange(event) {
    if (event.target.closest("day-picker")) return; // it changes the field before it
    if (!HINT_FIELDS.includes(event.target.name)) return event.stopPropagation();
    for (const field of this.#judgedWith(event.target)) {
      field.classList.remove("is-invalid"); // from now on the hints say what is wrong
      field.removeAttribute("aria-invalid");
    }
  }

  #judgedWith(field) {
    const { arrival, departure } = this.querySelector("form").elements;
    return [arrival, departure].includes(field) ? [arrival, departure] : [field];
  }

  #pick(event, date) {
    event.preventDefault();
    event.stopPropagation();
    const { arrival, departure } = this.querySelector("form").elements;
    const isFixed = arrival.type === "hidden"; // the party is in the house
    const since = this.#arrival(arrival.value);
    if (isFixed || (since && !departure.value && date > since)) departure.value = written(date);
    else [arrival.value, departure.value] = [written(date), ""];
    arrival.dispatchEvent(new CustomEvent("stay-picked", { bubbles: true }));
  }

  // What only the server can read, such as "fri", is marked in its calendar.
  #arrival(typed) {
    return isoDay(typed) || (typed && this.querySelector("button.edge")?.value);
  }

  #onKey(event, day) {
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
