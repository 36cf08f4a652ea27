// What the tests of this folder share: test() registers one, run() is called by test_modules.py.
const tests = [];

export function test(name, body) {
  tests.push({ name, body });
}

// Resolves to [{ name, error }]; `error` is "" when the test passed.
export async function run() {
  const results = [];
  for (const { name, body } of tests) {
    document.body.replaceChildren();
    results.push({ name, error: await errorIn(body) });
  }
  return results;
}

async function errorIn(body) {
  try {
    await body();
    return "";
  } catch (error) {
    return String(error?.stack ?? error);
  }
}

// Compares values, lists and plain objects.
export function equal(actual, expected) {
  const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value, namedOnly) ?? String(value));
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

export function truthy(value) {
  if (!value) throw new Error(`expected something true, got ${value}`);
}

// Resolves to what the promise is rejected with.
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}

// Lets everything run that waits for a promise that is settled.
export async function settle() {
  for (let round = 0; round < 50; round += 1) await Promise.resolve();
}

// Replaces timers and the clock until the test ends. `clock.advance(milliseconds)` runs what is due, in order.
export async function withClock(body) {
  const real = { setTimeout, clearTimeout, now: performance.now };
  const clock = { time: 0, timers: new Map() };
  let last = 0;
  globalThis.setTimeout = (run, milliseconds = 0) => {
    last += 1;
    clock.timers.set(last, { run, at: clock.time + milliseconds });
    return last;
  };
  globalThis.clearTimeout = (timer) => clock.timers.delete(timer);
  performance.now = () => clock.time;
  clock.advance = async (milliseconds) => {
    const end = clock.time + milliseconds;
    await settle();
    for (let due = firstDue(clock, end); due; due = firstDue(clock, end)) {
      const [timer, { run, at }] = due;
      clock.timers.delete(timer);
      clock.time = at;
      run();
      await settle();
    }
    clock.time = end;
  };
  try {
    await body(clock);
  } finally {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    performance.now = real.now;
  }
}

function firstDue({ timers }, end) {
  const due = [...timers].filter(([, { at }]) => at <= end);
  return due.sort(([, one], [, other]) => one.at - other.at)[0];
}

// Elements from HTML, in the page. Returns the first.
export function draw(html) {
  document.body.innerHTML = html;
  return document.body.firstElementChild;
}

export function press(element, key, options = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options });
  element.dispatchEvent(event);
  return event;
}

function namedOnly(_, value) {
  if (value instanceof Set) return [...value];
  if (value instanceof Element) return `<${value.localName} id=${value.id}>`;
  return value;
}
