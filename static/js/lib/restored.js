// After "Back" or a reload, browsers restore the values of fields without a change event, but the rooms, prices and
// hints of the page are those for the form's first values. In a form with `data-asks` each restored field gets a change
// event. Browsers do not restore fields with autocomplete="off" (which keeps them from suggesting one guest's name for
// another). Their values are stored in the state of the history entry, which ends with the tab.
const OFF = "form[method=post] [autocomplete=off]:is(input, textarea):not([readonly])";

const firstValue = (field) =>
  field.options
    ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
    : field.defaultValue;

const isRestored = (field) => field.type !== "hidden" && field.value !== firstValue(field);

// The default value of a hidden field is always its value, so any value counts.
const isTyped = (field) => (field.type === "hidden" ? field.value : field.value !== field.defaultValue);

const storeTyped = () => {
  const typed = {};
  for (const field of document.querySelectorAll(OFF)) if (field.id && isTyped(field)) typed[field.id] = field.value;
  if (JSON.stringify(typed) !== JSON.stringify(history.state?.typed ?? {}))
    history.replaceState({ ...history.state, typed }, "");
};

const fillIn = (typed) => {
  for (const field of document.querySelectorAll(OFF)) if (field.id in typed) field.value = typed[field.id];
};

// Also after a click or a key, by which a known guest is chosen.
for (const type of ["input", "click", "keyup"]) document.addEventListener(type, storeTyped);

window.addEventListener("pageshow", () => {
  fillIn(history.state?.typed ?? {});
  for (const field of document.querySelectorAll("form[data-asks] :is(input, select)")) {
    if (isRestored(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
