// The guest's name in a booking form: an ARIA combobox with a listbox of known guests, which the server sends while the
// name is typed. Choosing a guest fills the hidden key. Typing another name empties it, so that a new guest is created.
class GuestPicker extends HTMLElement {
  #isDismissed = false; // by Escape: the list stays closed until more is typed, also if guests arrive later

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
    else if (event.type === "input" && event.target === this.input) this.#onInput();
    else if (event.type === "focusout") this.#close();
    else if (event.type === "keydown" && event.target === this.input) this.#press(event);
    else if (event.type === "pointerdown" && option)
      event.preventDefault(); // keeps the focus in the field
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
    const details = option.querySelector("[data-about]").textContent;
    this.#fillIn({
      key: option.dataset.guest,
      name: option.dataset.name,
      about: details ? `Known guest · ${details}` : "Known guest",
    });
    this.#close();
  }

  #fillIn({ key, name, about }) {
    this.current = { key, name, about };
    [this.key.value, this.input.value, this.known.textContent] = [key, name, about];
    this.#askForContact(false);
  }

  // A new guest's telephone and address are asked for; a known one has a profile.
  #askForContact(isNew) {
    const contact = this.closest("form").querySelector(".more-guest");
    if (contact) contact.hidden = !isNew;
  }

  #onInput() {
    this.#isDismissed = false;
    if (this.current && this.input.value === this.current.name) return this.#fillIn(this.current);
    [this.key.value, this.known.textContent] = ["", ""];
    this.#askForContact(true);
  }
}
customElements.define("guest-picker", GuestPicker);
