import "lib/composing";
import { draw, equal, press, test } from "harness";

function heardBy(options) {
  const field = draw("<input>");
  const heard = [];
  const listener = ({ type }) => heard.push(type);
  for (const type of ["keydown", "keyup"]) {
    field.addEventListener(type, listener);
    field.dispatchEvent(new KeyboardEvent(type, { key: "Enter", bubbles: true, cancelable: true, ...options }));
  }
  return heard;
}

test("no listener hears a key of an input method", () => {
  equal(heardBy({ isComposing: true }), []);
  equal(heardBy({ keyCode: 229 }), []); // Safari's Enter that ends the composition
});

test("every other key is heard", () => equal(heardBy({}), ["keydown", "keyup"]));

test("what the browser does with a key of an input method is left to it", () => {
  equal(press(draw("<input>"), "Enter", { isComposing: true }).defaultPrevented, false);
});
