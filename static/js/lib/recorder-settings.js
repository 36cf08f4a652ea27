// What is behind the recorder's gear, and whether Stop only stops, so that one listens before one saves. The choice is
// stored in this browser. The gear is closed by Escape, and by a press elsewhere.
import { IDLE } from "lib/recorder-messages";

const STORED = "listen-first";

export class RecorderSettings {
  #gear;
  #listenFirst;
  #says;

  constructor(recorder) {
    this.#gear = recorder.querySelector("[data-settings]");
    this.#listenFirst = recorder.querySelector("[data-listen-first]");
    this.#says = recorder.querySelector("[data-says]");
    this.#listenFirst.checked = localStorage.getItem(STORED) === "on";
    this.#listenFirst.addEventListener("change", this);
    this.#gear.addEventListener("keydown", this);
    document.addEventListener("click", this);
    this.#explain();
  }

  get listensFirst() {
    return this.#listenFirst.checked;
  }

  handleEvent(event) {
    if (event.type === "change") this.#choose();
    else if (event.type === "click") this.#gear.open &&= this.#gear.contains(event.target);
    else if (event.key === "Escape" && this.#gear.open) this.#close();
  }

  close() {
    document.removeEventListener("click", this);
  }

  #choose() {
    localStorage.setItem(STORED, this.listensFirst ? "on" : "off");
    this.#explain();
  }

  #close() {
    this.#gear.open = false;
    this.#gear.querySelector("summary").focus();
  }

  // Other messages stay: they are about a recording.
  #explain() {
    const isIdle = Object.values(IDLE).includes(this.#says.textContent);
    if (isIdle) this.#says.textContent = this.listensFirst ? IDLE.listens : IDLE.saves;
  }
}
