// After "Back" or a reload a browser fills in again what had been chosen, and tells nobody: the rooms, prices and hints
// are still those of the form as it was drawn. In a form with `data-asks` each such field says that it has changed.
const drawn = (field) =>
  field.options
    ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.defaultValue;

const isRestored = (field) => field.type !== "hidden" && field.value !== drawn(field);

window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-asks] :is(input, select)")) {
    if (isRestored(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
