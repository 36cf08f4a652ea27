// The navigation beyond its links, in one module, because each is one more request of a first visit. Its menu closes by
// Escape, by a press elsewhere and when it is left; one of its buttons changes between light and dark; and the microphone
// of the bar on a phone starts the recorder of the page, if there is one.
class MainNavigation extends HTMLElement {
  connectedCallback() {
    this.menu = this.querySelector("details");
    this.theme = this.querySelector("[data-theme]");
    this.theme.hidden = false;
    this.#nameTheme();
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "focusout") this.#closeUnlessIn(event.relatedTarget);
    else this.#onClick(event);
  }

  #onKey(event) {
    if (event.key !== "Escape" || !this.menu.open) return;
    this.menu.open = false;
    this.menu.querySelector("summary").focus();
  }

  #onClick(event) {
    this.#closeUnlessIn(event.target);
    if (this.theme.contains(event.target)) this.#changeTheme();
    else if (this.querySelector("[data-record]")?.contains(event.target)) startRecorder(event);
  }

  // A dialog that was opened from the menu gives the focus back to it.
  #closeUnlessIn(target) {
    if (target && !this.menu.contains(target) && !target.closest("dialog")) this.menu.open = false;
  }

  #changeTheme() {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.bsTheme = theme;
    localStorage.setItem("theme", theme);
    this.#nameTheme();
  }

  #nameTheme() {
    this.theme.querySelector("span").textContent = isDark() ? "Light mode" : "Dark mode";
  }
}

function isDark() {
  return document.documentElement.dataset.bsTheme === "dark";
}

// Without a recorder the link leads to one.
function startRecorder(event) {
  const recorder = document.querySelector("voice-recorder:defined");
  const button = recorder?.querySelector(".mic:not([hidden])");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  recorder.scrollIntoView({ block: "center" });
  button.focus({ preventScroll: true });
  if (button.dataset.do === "record") button.click();
}
customElements.define("main-navigation", MainNavigation);
