// While an input method composes (Japanese, Chinese, Korean, accents), keys choose among its own words: Enter takes one,
// arrows walk them, Escape drops them. None of them is for the page, neither for a list that is open nor for a shortcut.
// This listener runs before every other one, so that none of them has to check; the browser's own action is kept.
// Safari sends the Enter that ends a composition after the composition, with key code 229.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

for (const type of ["keydown", "keyup"]) {
  window.addEventListener(type, (event) => isComposing(event) && event.stopImmediatePropagation(), true);
}
