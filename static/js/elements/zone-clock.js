// Says what time it is in the time zone that is typed, so that a wrong one is seen. With `data-guess` the field gets the
// browser's own zone, for the first property: it is likely the desk's.
const LOOK_MILLISECONDS = 20_000;

class ZoneClock extends HTMLElement {
  #timer = null;

  connectedCallback() {
    this.field = document.getElementById(this.dataset.for);
    this.names = [...this.field.list.options].map(({ value }) => value);
    this.field.addEventListener("input", this);
    if ("guess" in this.dataset) this.#guess(Intl.DateTimeFormat().resolvedOptions().timeZone);
    this.#timer = setInterval(() => this.#show(), LOOK_MILLISECONDS);
    this.#show();
  }

  disconnectedCallback() {
    this.field.removeEventListener("input", this);
    clearInterval(this.#timer);
  }

  handleEvent() {
    delete this.dataset.guess;
    this.#show();
  }

  #guess(zone) {
    if (this.names.includes(zone)) this.field.value = zone;
  }

  // The zone of a name such as "Europe/Lisbon", or of its city.
  get #zone() {
    const typed = this.field.value.trim().toLowerCase().replaceAll(" ", "_");
    return this.names.find((name) => [name, name.split("/").at(-1)].some((each) => each.toLowerCase() === typed));
  }

  #show() {
    const zone = this.#zone;
    const source = "guess" in this.dataset ? "As this browser’s clock: " : "";
    const time =
      zone &&
      new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit" }).format(
        Date.now(),
      );
    this.textContent = zone ? `${source}${zone}, where it is ${time} now.` : "";
  }
}
customElements.define("zone-clock", ZoneClock);
