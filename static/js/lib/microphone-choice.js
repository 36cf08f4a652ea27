// Which microphone is taken, as far as someone chose: a small list, once there is something to choose between. This
// browser remembers it; while the chosen one is not there, the list says that the browser's own choice is taken.
// Events: "choice", and "arrival" when a microphone is plugged in.
const STORED = "microphone";
const OWN = ["", "default", "communications"]; // names of the browser's own choice, and of what it may not name yet

export class MicrophoneChoice extends EventTarget {
  #box;
  #select;
  #count = 0;

  // `box` holds a select whose first option is the browser's own choice.
  constructor(box) {
    super();
    this.#box = box;
    this.#select = box.querySelector("select");
    this.#select.addEventListener("change", this);
    navigator.mediaDevices?.addEventListener("devicechange", this);
    this.refresh();
  }

  handleEvent(event) {
    if (event.type === "change") this.#choose(this.#select.value);
    else this.#onDevices();
  }

  get id() {
    return localStorage.getItem(STORED) ?? "";
  }

  // Names are given only to pages that may use a microphone: look again once it may.
  async refresh() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const microphones = devices.filter(({ kind, deviceId }) => kind === "audioinput" && !OWN.includes(deviceId));
    const own = this.#select.options[0];
    this.#select.replaceChildren(own, ...microphones.map(({ label, deviceId }) => new Option(label, deviceId)));
    const isThere = microphones.some(({ deviceId }) => deviceId === this.id);
    this.#select.value = isThere ? this.id : own.value;
    this.#box.hidden = microphones.length < 2;
    const grew = microphones.length > this.#count;
    this.#count = microphones.length;
    return grew;
  }

  close() {
    navigator.mediaDevices?.removeEventListener("devicechange", this);
  }

  #choose(id) {
    localStorage.setItem(STORED, id);
    this.dispatchEvent(new Event("choice"));
  }

  async #onDevices() {
    if (await this.refresh()) this.dispatchEvent(new Event("arrival"));
  }
}
