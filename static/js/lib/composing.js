// While an input method composes (Japanese, Chinese, Korean, accents), keys choose among its own words: Enter takes one,
// arrows walk them, Escape drops them. None of them is for the page, neither for a list that is open nor for a shortcut.
// This stands before every other listener, so that none has to think of it; what the browser does with the key stays.
// Safari tells of the Enter that ends a composition after it, with 229.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

for (const type of ["keydown", "keyup"]) {
  window.addEventListener(type, (event) => isComposing(event) && event.stopImmediatePropagation(), true);
}
