import { draw, equal, test } from "harness";
import { verbOf } from "lib/player-keys";
import { areOn, isPressed, turn } from "lib/shortcuts";

// What `ask` answers about a key that is pressed in the element.
function whenPressed(element, key, ask, options = {}) {
  let answer;
  const listener = (event) => {
    answer = ask(event);
  };
  document.addEventListener("keydown", listener, { once: true });
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
  return answer;
}

const isSlash = (event) => isPressed(event, "/");
const isR = (event) => isPressed(event, "r");

test("a single key acts outside of fields", () => {
  const text = draw("<p>Text</p>");
  equal(whenPressed(text, "/", isSlash), true);
  equal(whenPressed(text, "R", isR), true);
});

test("Shift belongs to a sign, not to a letter", () => {
  const text = draw("<p>Text</p>");
  equal(whenPressed(text, "/", isSlash, { shiftKey: true }), true);
  equal(whenPressed(text, "R", isR, { shiftKey: true }), false);
});

test("no single key acts where something is typed, or over an open dialog", () => {
  for (const html of ["<input>", "<textarea></textarea>", "<select></select>", "<p contenteditable>Text</p>"]) {
    equal(whenPressed(draw(html), "/", isSlash), false);
  }
  equal(whenPressed(draw("<input type=range>"), "/", isSlash), true);
  const text = draw("<p>Text</p><dialog open></dialog>");
  equal(whenPressed(text, "/", isSlash), false);
});

test("modifiers, repetition and keys that were used already do not count", () => {
  const text = draw("<p>Text</p>");
  for (const options of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }]) {
    equal(whenPressed(text, "r", isR, options), false);
  }
  text.addEventListener("keydown", (event) => event.preventDefault());
  equal(whenPressed(text, "r", isR), false);
});

test("single keys can be switched off, and the page shows it", () => {
  const text = draw("<p>Text</p>");
  turn(false);
  equal([areOn(), whenPressed(text, "r", isR), document.documentElement.dataset.singleKeys], [false, false, "off"]);
  equal(whenPressed(text, "k", verbOf), null);
  equal(whenPressed(text, " ", verbOf), "play"); // not a single character: it stays
  turn(true);
  equal([areOn(), whenPressed(text, "r", isR)], [true, true]);
});

test("a player's keys", () => {
  const text = draw("<p>Text</p>");
  const verbs = ["k", "j", "l", "<", ">", " ", "ArrowLeft", "ArrowRight", "x"].map((key) =>
    whenPressed(text, key, verbOf, { shiftKey: key === "<" || key === ">" }),
  );
  equal(verbs, ["play", "back", "forward", "slower", "faster", "play", "back", "forward", null]);
});

test("Space keeps its meaning on buttons and links", () => {
  equal(whenPressed(draw("<button>Save</button>"), " ", verbOf), null);
  equal(whenPressed(draw("<a href='/'>Home</a>"), " ", verbOf), null);
  equal(whenPressed(draw("<input type=range>"), " ", verbOf), "play");
});
