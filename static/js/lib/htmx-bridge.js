// Toasts for htmx requests that failed. Nothing is swapped then, so forms keep what was typed.
import { csrfToken } from "lib/cookies";
import { toast } from "lib/toasts";

const BY_STATUS = {
  400: "The server could not read this. Reload the page and try again.",
  403: "This page was open for too long, or you may not do this. Reload it and try again.",
  404: "This is not there any more. Reload the page to see what is.",
  413: "This is too large to send.",
  429: "That was too often. Wait a moment and try again.",
  503: "The calendar is busy. Nothing was saved; please try again.",
};
const OTHERWISE = "Something went wrong on the server. Nothing was saved; what you typed is still here.";

// Events that htmx logs to the console as errors, but that are expected: a request that was replaced by a newer one,
// and a row of the calendar that this page does not show. htmx calls its logger before it writes to the console.
const EXPECTED = ["htmx:sendAbort", "htmx:afterRequest", "htmx:oobErrorNoTarget"];
htmx.logger = (_, name, detail) => {
  if (EXPECTED.includes(name)) delete detail.error;
};

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  // Django reads the form's token before the header, and that token is out of date after a new sign-in.
  event.detail.formData.delete("csrfmiddlewaretoken");
});
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (!bringsToast(xhr)) toast({ level: "error", text: BY_STATUS[xhr.status] ?? OTHERWISE });
});
document.addEventListener("htmx:sendError", () => {
  toast({
    level: "error",
    text: "No connection to the server. Nothing was saved, and what you typed is still here: try again when you are online.",
  });
});
document.addEventListener("htmx:timeout", () => {
  toast({
    level: "error",
    text: "The server took too long to answer. What you typed is still here: please try again.",
  });
});
// The server's messages are in a header of the response, see HtmxResponseMiddleware.
document.addEventListener("toast", (event) => {
  for (const message of event.detail.value ?? []) toast(message);
});

function bringsToast(xhr) {
  return "toast" in JSON.parse(xhr.getResponseHeader("HX-Trigger") ?? "{}");
}
