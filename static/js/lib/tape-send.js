// What is done on the chart is sent from here. The answer holds the rows as they are then, words for toasts, and when
// the server said no, a dialog.
import { csrfToken } from "lib/cookies";
import { swapRows } from "lib/tape-rows";
import { toast } from "lib/toasts";

const WITH_ROWS = [200, 409, 422];
const LOST = "No connection to the server. Nothing was changed: try again when you are online.";
const FAILED = "This did not work, and nothing was changed. Reload the page and try again.";

// Returns whether it was done. `fields` is FormData.
export async function send(chart, address, fields) {
  fields.delete("csrfmiddlewaretoken"); // as old as the page; the header has today's
  fields.set("chart", "1");
  fields.set("shown", chart.dataset.shown);
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": csrfToken() };
  try {
    const answer = await fetch(address, { method: "POST", body: fields, headers });
    await take(chart, answer);
    return answer.ok;
  } catch {
    toast({ level: "error", text: LOST });
    return false;
  }
}

async function take(chart, answer) {
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) return location.assign(elsewhere);
  const said = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}").toast ?? [];
  for (const message of said) toast(message);
  if (!WITH_ROWS.includes(answer.status)) return said.length || toast({ level: "error", text: FAILED });
  const html = await answer.text();
  swapRows(chart, html);
  return ask(chart, html);
}

function ask(chart, html) {
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  const dialog = drawn.content.querySelector("tape-dialog");
  if (dialog) chart.querySelector("[data-answer]").replaceChildren(dialog);
}
