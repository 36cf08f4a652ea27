// Around the buttons of steps, such as Check in. A step loads the page again, and the focus would be at its beginning: it
// goes to the next step instead, in the list in which the last one was pressed, or to the main button here.
const STORED = "next-step";
const SECONDS = 30; // after which the page was opened for something else
const BUTTONS = "button, a.btn:not([data-no-step])";

class NextStep extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this);
    this.addEventListener("click", this);
    this.#goOn();
  }

  handleEvent(event) {
    if (event.type === "click") this.byKey = event.detail === 0;
    else this.#remember(event.submitter);
  }

  #remember(button) {
    const list = button?.closest("section")?.getAttribute("aria-labelledby") ?? "";
    const place = this.#buttons(list).indexOf(button);
    const left = { path: location.pathname, at: Date.now(), list, place, byKey: this.byKey };
    sessionStorage.setItem(STORED, JSON.stringify(left));
  }

  #goOn() {
    const left = JSON.parse(sessionStorage.getItem(STORED));
    if (left?.path !== location.pathname) return;
    sessionStorage.removeItem(STORED);
    if (Date.now() - left.at > SECONDS * 1000) return;
    const buttons = this.#buttons(left.list);
    const next = left.list ? buttons[Math.min(left.place, buttons.length - 1)] : this.querySelector(".btn-primary");
    const others = this.#buttons("");
    (next ?? others[0])?.focus({ focusVisible: left.byKey, preventScroll: !left.byKey });
  }

  #buttons(list) {
    const section = list && this.querySelector(`section[aria-labelledby="${CSS.escape(list)}"]`);
    return [...(section || this).querySelectorAll(BUTTONS)];
  }
}
customElements.define("next-step", NextStep);
