class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.addEventListener("click", this);
    this.#show();
  }

  handleEvent() {
    const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    document.documentElement.dataset.bsTheme = theme;
    localStorage.setItem("theme", theme);
    this.#show();
  }

  #show() {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    this.button.querySelector("span").textContent = dark ? "Light mode" : "Dark mode";
  }
}
customElements.define("theme-switch", ThemeSwitch);
