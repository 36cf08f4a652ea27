// Redoc for this site's schema, in the colours of the page.
const colour = (style, name) => style.getPropertyValue(`--rt-${name}`).trim();

// Redoc loads a logo from its own site, and has no setting against it. Here images of other sites are replaced by empty
// ones.
const sameOrigin = (address) => (new URL(address, location).origin === location.origin ? address : "data:,");
const { set } = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
Object.defineProperty(HTMLImageElement.prototype, "src", {
  set(address) {
    set.call(this, sameOrigin(address));
  },
});
HTMLImageElement.prototype.setAttribute = function (name, value) {
  Element.prototype.setAttribute.call(this, name, name === "src" ? sameOrigin(value) : value);
};

class ApiReader extends HTMLElement {
  connectedCallback() {
    globalThis.Redoc.init(this.dataset.schema, { ...SETTINGS, theme: theme(getComputedStyle(this)) }, this);
  }
}

const SETTINGS = {
  disableSearch: true, // it needs a worker from a blob: address, which the content security policy forbids
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
