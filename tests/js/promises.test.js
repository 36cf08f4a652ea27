import { equal, test } from "harness";
import { firstOf, withResolvers } from "lib/promises";

test("a promise and what settles it", async () => {
  const { promise, resolve } = withResolvers();
  resolve(3);
  equal(await promise, 3);
});

test("the first of several signals aborts with its reason", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const signal = firstOf([one.signal, other.signal]);
  equal(signal.aborted, false);
  other.abort("enough");
  one.abort("late");
  equal([signal.aborted, signal.reason], [true, "enough"]);
});

test("a signal that was aborted before aborts at once", () => {
  equal(firstOf([AbortSignal.abort("before")]).reason, "before");
});
