// The guest's name in a booking form: known guests are offered while it is typed, as an ARIA combobox with a listbox.
// Choosing one fills the hidden key; typing on empties it and makes a new guest. The offers come from the server.
class GuestPicker extends HTMLElement {
  #isDismissed = false; // by Escape: offers that come late stay closed until more is typed

  connectedCallback() {
    this.input = this.querySelector("[name=guest]");
    this.key = this.querySelector("[name=guest_id]");
    this.list = this.querySelector("[role=listbox]");
    this.known = this.querySelector("[data-known]");
    this.news = this.querySelector("[data-news]");
    this.current = this.key.value && { key: this.key.value, name: this.input.value, about: this.known.textContent };
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-controls", this.list.id],
      ["aria-expanded", "false"],
    ])
      this.input.setAttribute(name, value);
    for (const name of ["input", "keydown", "focusout", "pointerdown", "click", "htmx:afterSwap"])
      this.addEventListener(name, this);
  }

  handleEvent(event) {
    const option = event.target.closest("[role=option]");
    if (event.type === "htmx:afterSwap") this.#isDismissed || this.#open();
    else if (event.type === "input" && event.target === this.input) this.#typed();
    else if (event.type === "focusout") this.#close();
    else if (event.type === "keydown" && event.target === this.input) this.#press(event);
    else if (event.type === "pointerdown" && option)
      event.preventDefault(); // the focus stays in the field
    else if (event.type === "click" && option) this.#choose(option);
  }

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }
  get #active() {
    return this.list.querySelector("[aria-selected=true]");
  }

  #press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#isDismissed = false;
      if (this.list.hidden) this.#open();
      else this.#step(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" && !this.list.hidden && this.#active) {
      event.preventDefault();
      this.#choose(this.#active);
    } else if (event.key === "Escape") {
      this.#isDismissed = true;
      if (!this.list.hidden) event.preventDefault();
      this.#close();
    }
  }

  #step(by) {
    const options = this.#options;
    const from = options.indexOf(this.#active);
    this.#mark(options[from < 0 && by < 0 ? options.length - 1 : (from + by + options.length) % options.length]);
  }

  #mark(option) {
    this.#active?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #open() {
    const count = this.#options.length;
    if (!count || document.activeElement !== this.input) return this.#close();
    this.#mark(null);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.news.textContent = count === 1 ? "1 known guest" : `${count} known guests`;
  }

  #close() {
    this.#mark(null);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.news.textContent = "";
  }

  #choose(option) {
    const told = option.querySelector("[data-about]").textContent;
    this.#take({
      key: option.dataset.guest,
      name: option.dataset.name,
      about: told ? `Known guest · ${told}` : "Known guest",
    });
    this.#close();
  }

  #take({ key, name, about }) {
    this.current = { key, name, about };
    [this.key.value, this.input.value, this.known.textContent] = [key, name, about];
  }

  #typed() {
    this.#isDismissed = false;
    if (this.current && this.input.value === this.current.name) return this.#take(this.current);
    [this.key.value, this.known.textContent] = ["", ""];
  }
}
customElements.define("guest-picker", GuestPicker);
