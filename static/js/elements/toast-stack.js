// Shows messages (toasts) of the page, of htmx responses and of scripts. Errors stay until they are closed.
const SECONDS = 8;
// The most toasts at a time, besides errors.
const MOST = 3;

class ToastStack extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    document.addEventListener("roomtone:toast", this);
    for (const card of this.querySelectorAll(".toast-card")) this.#expire(card);
  }

  disconnectedCallback() {
    document.removeEventListener("roomtone:toast", this);
  }

  handleEvent(event) {
    if (event.type === "roomtone:toast") this.#add(event.detail);
    else if (event.target.closest("[data-close]")) event.target.closest(".toast-card").remove();
  }

  #add({ level, text, undo, link }) {
    for (const card of this.querySelectorAll(".toast-card")) {
      if (card.querySelector("[data-text]").textContent === text) card.remove();
    }
    const card = this.querySelector("template").content.firstElementChild.cloneNode(true);
    card.classList.add(`is-${level}`);
    card.querySelector("[data-text]").textContent = text;
    const form = card.querySelector("[data-undo]");
    if (undo) {
      form.action = undo;
      if (undo.endsWith("?again")) form.querySelector("button").textContent = "Do it again";
    } else form.remove();
    const anchor = card.querySelector("[data-link]");
    if (link) Object.assign(anchor, { href: link.url, textContent: link.text });
    else anchor.remove();
    this.append(card);
    this.#expire(card);
    for (const old of [...this.querySelectorAll(".toast-card:not(.is-error)")].slice(0, -MOST)) old.remove();
  }

  #expire(card) {
    if (card.classList.contains("is-error")) return;
    const timer = setTimeout(() => card.remove(), SECONDS * 1000);
    // A toast stays while the pointer or the focus is on it, so that its Undo can be pressed.
    for (const type of ["pointerenter", "focusin"]) card.addEventListener(type, () => clearTimeout(timer));
  }
}
customElements.define("toast-stack", ToastStack);
