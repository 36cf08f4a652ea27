// The search on top of every page: an ARIA combobox with a listbox of links, which the server sends while somebody
// types. "/" gives the field the focus from anywhere, Escape gives it back. Enter opens the marked link, at first the
// first one, also if its list arrives after the key was pressed. Without this script the form opens the page of results.
import { isPressed } from "lib/shortcuts";

const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];

class SearchBox extends HTMLElement {
  #before = null; // had the focus before the field
  #isEntered = false; // Enter was pressed before the list of what is typed arrived
  #hasFailed = false; // no list of what is typed will arrive

  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("input");
    this.found = this.querySelector(".box-found");
    this.news = this.querySelector("[role=status]");
    this.help = this.found.innerHTML;
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-controls", "box-list"],
      ["aria-expanded", "false"],
    ])
      this.input.setAttribute(name, value);
    document.addEventListener("keydown", this);
    addEventListener("pageshow", this);
    for (const name of ["input", "focusin", "focusout", "pointerdown", "htmx:afterSwap", ...FAILURES])
      this.addEventListener(name, this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    removeEventListener("pageshow", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "input") this.#onInput();
    else if (event.type === "focusin") this.#onFocus(event);
    else if (event.type === "focusout") this.contains(event.relatedTarget) || this.#close();
    else if (event.type === "pointerdown") this.#keepFocus(event);
    else if (event.type === "htmx:afterSwap") this.#onArrival();
    else if (event.type === "pageshow") this.#close();
    else this.#onFailure();
  }

  get #options() {
    return [...this.found.querySelectorAll("[role=option]")];
  }
  get #marked() {
    return this.found.querySelector("[aria-selected=true]");
  }
  get #typed() {
    return words(this.input.value);
  }
  // Whether the list is that of what is in the field now.
  get #isCurrent() {
    return words(this.found.firstElementChild?.dataset.text ?? "") === this.#typed;
  }

  #onKey(event) {
    if (event.target === this.input) this.#press(event);
    else if (isPressed(event, "/")) {
      event.preventDefault(); // in Firefox "/" searches in the page
      this.input.focus();
      this.input.select();
    }
  }

  #press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.found.hidden) this.#open();
      else this.#step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") this.#enter(event);
    else if (event.key === "Escape") this.#leave(event);
  }

  #enter(event) {
    if (!this.#typed) return event.preventDefault();
    if (!this.#isCurrent && !this.#hasFailed) {
      event.preventDefault();
      this.#isEntered = true;
    } else if (this.#marked) {
      event.preventDefault();
      this.#marked.click();
    }
  }

  #onFailure() {
    this.#hasFailed = true;
    if (this.#isEntered) this.form.submit();
  }

  #leave(event) {
    event.preventDefault();
    this.#close();
    const before = this.#before?.isConnected ? this.#before : null;
    if (before && before !== document.body) before.focus();
    else this.input.blur();
  }

  #step(by) {
    const options = this.#options;
    const from = options.indexOf(this.#marked);
    this.#mark(options[from < 0 && by < 0 ? options.length - 1 : (from + by + options.length) % options.length]);
  }

  #mark(option) {
    this.#marked?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #onFocus(event) {
    if (event.target !== this.input) return;
    if (!this.contains(event.relatedTarget)) this.#before = event.relatedTarget;
    this.#open();
  }

  #onInput() {
    this.#isEntered = this.#hasFailed = false;
    if (this.#typed) return;
    this.found.innerHTML = this.help;
    this.news.textContent = "";
    this.#open();
  }

  #onArrival() {
    if (!this.#typed) return this.#onInput(); // it was emptied meanwhile
    const count = this.#options.length;
    const words = this.found.querySelector("[data-nothing]")?.textContent ?? "";
    this.news.textContent = count ? `${count} found` : words;
    if (document.activeElement === this.input) this.#open();
    if (!this.#isEntered || !this.#isCurrent) return;
    if (this.#marked) this.#marked.click();
    else this.form.submit();
  }

  #open() {
    for (const [number, option] of this.#options.entries()) option.id = `box-option-${number}`;
    const hasOptions = this.#options.length > 0;
    this.found.firstElementChild.hidden = !hasOptions;
    this.found.hidden = false;
    this.input.setAttribute("aria-expanded", String(hasOptions));
    this.#mark(this.#typed && this.#isCurrent ? this.#options[0] : null);
  }

  #close() {
    this.#isEntered = false;
    this.#mark(null);
    this.found.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  // A press in the list does not take the focus from the field, which would close the list before the click.
  #keepFocus(event) {
    if (event.target.closest(".box-found")) event.preventDefault();
  }
}

function words(text) {
  return text.replace(/\s+/g, " ").trim();
}
customElements.define("search-box", SearchBox);
