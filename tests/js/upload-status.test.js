import { draw, equal, test } from "harness";
import { UploadStatus } from "lib/upload-status";

function begin() {
  const line = draw("<p></p>");
  const status = new UploadStatus(line);
  return { line, status, watch: () => watched(status) };
}

function watched(status) {
  const recording = { session: new EventTarget(), copy: Object.assign(new EventTarget(), { count: 2 }) };
  status.watch(recording);
  const say = (source, type, detail) => recording[source].dispatchEvent(new CustomEvent(type, { detail }));
  return { recording, say };
}

test("it says when all chunks have arrived", () => {
  const { line, watch } = begin();
  const { say } = watch();
  say("session", "state", { expected: 1 });
  equal(line.textContent, "Sending…");
  say("session", "state", { expected: 2 });
  equal(line.textContent, "Sent.");
});

test("an error stands until the session has recovered, with the way to sign in", () => {
  const { line, watch } = begin();
  const { say } = watch();
  say("session", "error", { kind: "signed-out", words: "You were signed out." });
  equal(line.textContent, "You were signed out. Sign in");
  equal("error" in line.dataset, true);
  say("session", "recovered");
  equal([line.textContent, "error" in line.dataset], ["", false]);
});

test("a warning that nothing is stored stays beside the progress", () => {
  const { line, watch } = begin();
  const { say } = watch();
  say("session", "state", { expected: 2 });
  say("copy", "only-in-memory", "StoreFull");
  equal(line.textContent, "Sent. This computer has no room left, so closing this page would lose what is not sent.");
});

test("the line is not written again when nothing has changed", () => {
  const { line, watch } = begin();
  const { say } = watch();
  say("session", "state", { expected: 1 });
  const before = line.firstChild;
  say("session", "state", { expected: 1 });
  equal(line.firstChild === before, true);
});

test("a recording before this one is not shown", () => {
  const { line, watch } = begin();
  const { say } = watch();
  watch();
  say("session", "state", { expected: 2 });
  equal(line.textContent, "");
});
