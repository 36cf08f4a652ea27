// The list of microphones, shown if there are at least two. The choice is stored in this browser; while the chosen
// microphone is missing, the list shows the browser's default.
// Events: "choice", and "arrival" when a microphone is plugged in.
const STORED = "microphone";
const OWN = ["", "default", "communications"]; // ids of the browser's default, and of devices without permission

export class MicrophoneChoice extends EventTarget {
  #box;
  #select;
  #count = 0;

  // `box` holds a select whose first option is the browser's default.
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

  // Reads the devices again; resolves to whether there are more. Only pages with permission get their names.
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
