import { equal, test } from "harness";
import { formatSeconds } from "lib/duration";

test("seconds are cut off, not rounded", () => {
  equal(formatSeconds(0), "0:00");
  equal(formatSeconds(7.98), "0:07");
  equal(formatSeconds(61), "1:01");
  equal(formatSeconds(3600), "60:00");
});

test("a duration before the start is zero", () => equal(formatSeconds(-1), "0:00"));
