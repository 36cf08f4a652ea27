// A field with a button that copies its text to the clipboard. Without this script the text is selected and copied by
// the browser's own means.
class CopyText extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("[data-text]");
    this.says = this.querySelector("[data-says]");
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.#copy());
    this.text.addEventListener("focus", () => this.text.select());
  }

  async #copy() {
    this.text.select();
    this.says.textContent = "";
    this.says.textContent = (await this.#write()) ? "Copied." : "Press Ctrl+C, or ⌘C, to copy it.";
  }

  // Resolves to whether the text was copied. Without HTTPS there is no navigator.clipboard, but the old execCommand
  // works.
  async #write() {
    try {
      await navigator.clipboard.writeText(this.text.value);
      return true;
    } catch {
      return document.execCommand("copy");
    }
  }
}
customElements.define("copy-text", CopyText);
