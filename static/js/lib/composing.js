// While an input method composes (Japanese, Chinese, Korean, accents), keys choose among its candidates: Enter takes
// one, arrows go through them, Escape drops them. None of these keys is for the page, its lists or its shortcuts.
// This listener runs before every other one, so that none of them has to check; the browser's own action is kept.
// Safari sends the Enter that ends a composition after the composition, with key code 229.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

for (const type of ["keydown", "keyup"]) {
  window.addEventListener(type, (event) => isComposing(event) && event.stopImmediatePropagation(), true);
}
