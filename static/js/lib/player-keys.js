// Which of a player's verbs a key asks for, in a note or in the dock. Letters and < > are single keys, which somebody may
// have switched off; Space and arrows are not, but they keep their meaning where the focus has one for them.
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
