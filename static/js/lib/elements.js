// Loads the modules of custom elements that come into the page later, with a response or out of a <template>. The head
// of a page names those of the elements that it has from the start.
const UNKNOWN = ":not(:defined)";

// Without a connection it stays plain HTML: theme.js says what this attribute does.
const showPlain = () => delete document.documentElement.dataset.scripts;
const load = ({ localName }) => import(`elements/${localName}`).catch(showPlain);

new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const node of addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (node.matches(UNKNOWN)) load(node);
      for (const element of node.querySelectorAll(UNKNOWN)) load(element);
    }
}).observe(document.documentElement, { childList: true, subtree: true });
