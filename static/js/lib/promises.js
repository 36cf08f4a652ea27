// Functions that browsers have only since 2024.

// As Promise.withResolvers.
export function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

// As AbortSignal.any: aborts with the first of the signals. Its listeners stay until one of them aborts.
export function firstOf(signals) {
  const first = new AbortController();
  const abort = ({ target }) => first.abort(target.reason);
  for (const signal of signals) {
    if (signal.aborted) first.abort(signal.reason);
    signal.addEventListener("abort", abort, { signal: first.signal });
  }
  return first.signal;
}
