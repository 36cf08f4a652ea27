import { equal, test } from "harness";
import { isoDay, written } from "lib/days";

test("a day is written as the pages write it, and read again", () => {
  equal(written("2026-12-05"), "5 Dec 2026");
  equal(isoDay("5 Dec 2026"), "2026-12-05");
  equal(isoDay("2026-12-05"), "2026-12-05");
});

test("what only the server can read is no date here", () => {
  equal(["", "fri", "5 dec", "+2", "5 Foo 2026"].map(isoDay), ["", "", "", "", ""]);
});
