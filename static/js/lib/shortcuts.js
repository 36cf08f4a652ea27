// Whether single-key shortcuts apply to an event. Users of speech input, or whoever presses keys by mistake, can switch
// all of them off (WCAG 2.1.4); the browser stores this.
const STORED = "single-keys";
const TYPING = "input:not([type=range], [type=file]), textarea, select, [contenteditable], dialog, [role=dialog]";
const LETTER = /^[a-z]$/;

export function areOn() {
  return localStorage.getItem(STORED) !== "off";
}

export function turn(isOn) {
  localStorage.setItem(STORED, isOn ? "on" : "off");
  show();
}

// `key` is in lower case. Shift is part of / and ? on many keyboards, but not of a letter.
export function isPressed(event, key) {
  if (event.key?.toLowerCase() !== key || event.repeat || (event.shiftKey && LETTER.test(key))) return false;
  return areOn() && isMeant(event);
}

// Whether the key was pressed without modifiers, outside fields and dialogs.
export function isMeant(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !event.target.closest(TYPING) && !document.querySelector("dialog[open]");
}

// For keyboard.css, which hides hints about single keys.
function show() {
  document.documentElement.dataset.singleKeys = areOn() ? "on" : "off";
}
show();
