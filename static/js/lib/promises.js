// What browsers of 2024 bring along, for those that came before.

// A promise, and what settles it.
export function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

// A signal that aborts with the first of these. One of them should abort some day: until then they know each other.
export function firstOf(signals) {
  const first = new AbortController();
  const abort = ({ target }) => first.abort(target.reason);
  for (const signal of signals) {
    if (signal.aborted) first.abort(signal.reason);
    signal.addEventListener("abort", abort, { signal: first.signal });
  }
  return first.signal;
}
