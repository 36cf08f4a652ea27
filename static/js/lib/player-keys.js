// The player's verb for a key that is pressed in a note or in the dock, or null. Letters, < and > are shortcuts, which
// users can switch off; Space and arrows are not, but they do what the focused element does with them.
import { isMeant, isPressed } from "lib/shortcuts";

const SINGLE = { k: "play", j: "back", l: "forward", "<": "slower", ">": "faster" };
const OTHERS = { " ": "play", arrowleft: "back", arrowright: "forward" };
const PRESSED_BY_SPACE = "button, a, summary, input:not([type=range])";

export function verbOf(event) {
  const key = event.key?.toLowerCase();
  if (key in SINGLE) return isPressed(event, key) ? SINGLE[key] : null;
  if (!(key in OTHERS) || event.shiftKey || !isMeant(event)) return null;
  return key === " " && (event.repeat || event.target.closest(PRESSED_BY_SPACE)) ? null : OTHERS[key];
}
