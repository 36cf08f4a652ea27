// After "Back" or a reload a browser fills in again what had been chosen, and tells nobody: the rooms, prices and hints
// are still those of the form as it was drawn. In a form with `data-asks` each such field says that it has changed.
// It leaves out fields with autocomplete="off", which keeps a guest's name from being offered for another one: what was
// typed there stands in this entry of the history, and is gone with the tab.
const OFF = "form[method=post] [autocomplete=off]:is(input, textarea):not([readonly])";

const drawn = (field) =>
  field.options
    ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.defaultValue;

const isRestored = (field) => field.type !== "hidden" && field.value !== drawn(field);

// The value of a hidden field is its default.
const isTyped = (field) => (field.type === "hidden" ? field.value : field.value !== field.defaultValue);

const keep = () => {
  const typed = {};
  for (const field of document.querySelectorAll(OFF)) if (field.id && isTyped(field)) typed[field.id] = field.value;
  if (JSON.stringify(typed) !== JSON.stringify(history.state?.typed ?? {}))
    history.replaceState({ ...history.state, typed }, "");
};

const fillIn = (typed) => {
  for (const field of document.querySelectorAll(OFF)) if (field.id in typed) field.value = typed[field.id];
};

// A click and a key, too: a known guest is chosen by them.
for (const type of ["input", "click", "keyup"]) document.addEventListener(type, keep);

window.addEventListener("pageshow", () => {
  fillIn(history.state?.typed ?? {});
  for (const field of document.querySelectorAll("form[data-asks] :is(input, select)")) {
    if (isRestored(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
