// Around a form for something new: what is half typed stays in this tab. After Back, another page or a reload the user
// is asked whether to go on with it. Saving the form and Discard delete it; signing out deletes all that the tab stores.
const PREFIX = "draft-";
// What the server gives to each form anew, or what only steers the page.
const NOT_KEPT = ["csrfmiddlewaretoken", "request_key", "shown", "rooms_of", "holds_of", "moves"];
// Fields that make sense only together: if the page's address has one of the first, the second are its as well.
const TOGETHER = [
  [
    ["arrival", "departure"],
    ["arrival", "departure"],
  ],
  [["property"], ["property", "unit", "room_type"]],
];

class FormDraft extends HTMLElement {
  connectedCallback() {
    this.draft = this.#stored();
    for (const type of ["input", "change", "stay-picked", "htmx:afterSettle", "htmx:beforeOnLoad", "click"])
      this.addEventListener(type, this, true);
    if (!this.draft) return;
    this.#offer();
    addEventListener("pageshow", () => this.#offer(), { once: true });
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event.target);
    else if (event.type === "htmx:beforeOnLoad") this.#onAnswer(event.detail.xhr);
    else if (event.type === "htmx:afterSettle") this.#stored() && this.#keep();
    else this.#keep();
  }

  get #form() {
    return this.querySelector("form");
  }

  #keep() {
    const fields = Object.fromEntries(new FormData(this.#form));
    for (const name of NOT_KEPT) delete fields[name];
    const kept = { user: document.body.dataset.user, fields };
    sessionStorage.setItem(PREFIX + this.dataset.draft, JSON.stringify(kept));
  }

  #stored() {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + this.dataset.draft));
    return kept?.user === document.body.dataset.user ? kept.fields : null;
  }

  #discard() {
    this.querySelector("[data-offer]").hidden = true;
    sessionStorage.removeItem(PREFIX + this.dataset.draft);
  }

  // Of a form that the browser has restored in part, too.
  #discardAll() {
    if (new FormData(this.#form).get("guest") === this.draft.guest) this.#form.reset();
    this.#discard();
  }

  // Browsers that restore a reloaded form have done so when the page is shown: then nothing is asked.
  #offer() {
    const fields = new FormData(this.#form);
    const isThere = Object.entries(this.draft).every(([name, value]) => fields.get(name) === value);
    this.querySelector("[data-what]").textContent = this.draft.guest || this.dataset.unnamed;
    this.querySelector("[data-offer]").hidden = isThere;
  }

  #onClick(target) {
    if (target.closest("[data-discard]")) this.#discardAll();
    else if (target.closest("[data-go-on]")) this.#goOn();
  }

  // The server fills in the form, because which rooms there are depends on the property.
  async #goOn() {
    this.querySelector("[data-offer]").hidden = true;
    const form = this.#form;
    const values = { ...this.#missingIn(new URLSearchParams(location.search)), take: "" };
    const target = form.getAttribute("hx-target");
    await htmx.ajax("POST", form.getAttribute("hx-post"), {
      source: form,
      target: target === "this" ? form : target,
      swap: "outerHTML",
      values,
    });
    this.querySelector("[name=guest]").focus();
  }

  // What was typed, without what the page's address says.
  #missingIn(address) {
    const missing = { ...this.draft };
    for (const [name, value] of address) if (value) delete missing[name];
    for (const [said, belonging] of TOGETHER)
      if (said.some((name) => address.get(name))) for (const name of belonging) delete missing[name];
    return missing;
  }

  // A redirect after a POST: it is saved.
  #onAnswer(xhr) {
    if (xhr.getResponseHeader("HX-Redirect")) this.#discard();
  }
}
customElements.define("form-draft", FormDraft);
