// Sends the changes that are made on the tape chart, by htmx. The answer holds the rows as they are then, which htmx
// swaps by their ids, and a dialog when the server refused.

// What an element hears when a request of its own gets no good answer.
export const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];

// An htmx request takes along the messages that wait for the next page, which another tab may be about to load. What
// nobody has asked for (a poll, the card under the pointer) is therefore requested as a page: then a session that has
// ended does not lead away from the chart either.
export function asPage({ headers }) {
  delete headers["HX-Request"];
}

let last = Promise.resolve(); // htmx would drop all but the newest request that waits for another one of the chart

// Resolves to whether the change was made. `fields` is FormData. One change is sent after the other.
export function sendChange(chart, address, fields) {
  last = last.then(() => send(chart, address, fields));
  return last;
}

async function send(chart, address, fields) {
  fields.set("chart", "1");
  fields.set("shown", chart.dataset.shown);
  const target = chart.querySelector("[data-answer]");
  let isDone = false;
  const onAnswer = ({ target: source, detail }) => {
    if (source === chart) isDone = detail.xhr.status === 200;
  };
  chart.addEventListener("htmx:afterRequest", onAnswer);
  try {
    await htmx.ajax("POST", address, {
      source: chart,
      target,
      select: "tape-dialog",
      swap: "innerHTML",
      values: fields,
    });
  } catch {
    // There was no answer: htmx-bridge has said so.
  }
  chart.removeEventListener("htmx:afterRequest", onAnswer);
  return isDone;
}
