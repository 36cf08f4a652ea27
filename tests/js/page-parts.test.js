import { draw, equal, test } from "harness";
import { cookie } from "lib/cookies";
import { newKey } from "lib/keys";
import { showProblem } from "lib/notices";
import { toast } from "lib/toasts";

test("a cookie is found by its whole name", () => {
  // biome-ignore lint/suspicious/noDocumentCookie: it is read in the same way
  document.cookie = "other_name=1";
  // biome-ignore lint/suspicious/noDocumentCookie: it is read in the same way
  document.cookie = "name=a%20b";
  equal([cookie("name"), cookie("missing")], ["a b", ""]);
});

test("keys are UUIDs, also on plain HTTP", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  equal(uuid.test(newKey()), true);
  const { randomUUID } = Crypto.prototype;
  Crypto.prototype.randomUUID = undefined; // not a secure context
  try {
    equal(uuid.test(newKey()), true);
  } finally {
    Crypto.prototype.randomUUID = randomUUID;
  }
});

test("a problem is shown with what can be done, and cleared", () => {
  const box = draw("<div role=alert></div>");
  let times = 0;
  const again = () => {
    times += 1;
  };
  showProblem(box, "Not saved.", { signIn: true, again });
  equal(box.textContent, "Not saved. Sign in Send again");
  box.querySelector("button").click();
  showProblem(box, "");
  equal([times, box.childElementCount], [1, 0]);
});

test("a toast travels as an event, with defaults", () => {
  let detail;
  const listener = (event) => {
    detail = event.detail;
  };
  document.addEventListener("roomtone:toast", listener, { once: true });
  toast({ text: "Saved." });
  equal(detail, { level: "info", text: "Saved.", undo: "", link: null });
});
