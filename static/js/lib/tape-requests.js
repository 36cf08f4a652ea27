// Sends the changes that are made on the tape chart, by htmx. The response has the rows as they are afterwards, which
// htmx swaps by their ids, and a dialog if the server refused the change.

// Events of htmx for a request that failed.
export const FAILURES = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];

// The response to an htmx request takes the user's waiting messages, which may be for a page that another tab is about
// to load. So requests that the user did not make (a poll, a card) are sent without the header of htmx. Then the end of
// the session does not redirect away from the chart either.
export function asPage({ headers }) {
  delete headers["HX-Request"];
}

let last = Promise.resolve(); // changes are queued here, because htmx would drop all waiting requests but the newest

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
    // Without a response: htmx-bridge shows a toast.
  }
  chart.removeEventListener("htmx:afterRequest", onAnswer);
  return isDone;
}
