// Redoc over our schema, in the colours of the page.
const colour = (style, name) => style.getPropertyValue(`--rt-${name}`).trim();

// Redoc draws its maker's logo from its maker's site and has no setting for it. Pictures come from here, or are empty.
const here = (address) => (new URL(address, location).origin === location.origin ? address : "data:,");
const { set } = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
Object.defineProperty(HTMLImageElement.prototype, "src", {
  set(address) {
    set.call(this, here(address));
  },
});
HTMLImageElement.prototype.setAttribute = function (name, value) {
  Element.prototype.setAttribute.call(this, name, name === "src" ? here(value) : value);
};

class ApiReader extends HTMLElement {
  connectedCallback() {
    globalThis.Redoc.init(this.dataset.schema, { ...SETTINGS, theme: theme(getComputedStyle(this)) }, this);
  }
}

const SETTINGS = {
  disableSearch: true, // it would need a worker made of a blob, which the policy forbids; the browser finds words too
  hideDownloadButton: true,
  scrollYOffset: ".docs-head",
};

function theme(style) {
  const ink = colour(style, "ink");
  return {
    colors: {
      primary: { main: colour(style, "brand") },
      text: { primary: ink, secondary: colour(style, "ink-2") },
      border: { dark: colour(style, "line"), light: colour(style, "line-soft") },
    },
    typography: {
      fontFamily: style.fontFamily,
      fontSize: "15px",
      headings: { fontFamily: style.fontFamily, fontWeight: "650" },
      code: { backgroundColor: colour(style, "line-soft"), color: ink },
    },
    spacing: { sectionVertical: 20 },
    sidebar: { backgroundColor: colour(style, "paper"), textColor: ink },
    rightPanel: { backgroundColor: "#22262e" },
  };
}
customElements.define("api-reader", ApiReader);
