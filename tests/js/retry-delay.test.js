import { equal, test, withClock } from "harness";
import { RetryDelay } from "lib/retry-delay";

test("it lasts as long as asked", () =>
  withClock(async (clock) => {
    const delay = new RetryDelay();
    let wasCut;
    delay.wait(5000).then((answer) => {
      wasCut = answer;
    });
    await clock.advance(4999);
    equal(wasCut, undefined);
    await clock.advance(1);
    equal(wasCut, false);
    delay.end();
  }));

test("the connection, the focus and the page coming back cut it short", async () => {
  for (const [source, type] of [
    [window, "online"],
    [window, "focus"],
    [document, "visibilitychange"],
  ]) {
    const delay = new RetryDelay();
    const waiting = delay.wait(3_600_000);
    source.dispatchEvent(new Event(type));
    equal(await waiting, true);
    delay.end();
  }
});

test("a connection that came back during the last try cuts the delay after it, once", async () => {
  const delay = new RetryDelay();
  window.dispatchEvent(new Event("online"));
  equal([await delay.wait(3_600_000), await delay.wait(1)], [true, false]);
  delay.end();
});

test("it ends with its owner", async () => {
  const delay = new RetryDelay();
  const waiting = delay.wait(3_600_000);
  delay.end();
  equal(await waiting, false);
});
