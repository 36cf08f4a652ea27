// One place where a request that failed becomes words. What was typed stays: nothing is swapped.
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

// A request that the next one has overtaken is no error, though htmx says so in the console: it asks the logger first.
const OVERTAKEN = ["htmx:sendAbort", "htmx:afterRequest"];
htmx.logger = (_, name, detail) => {
  if (OVERTAKEN.includes(name)) delete detail.error;
};

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  // Django believes the form's token first, and that one is as old as the page: a new sign-in has made another.
  event.detail.formData.delete("csrfmiddlewaretoken");
});
document.addEventListener("htmx:responseError", (event) => {
  toast({ level: "error", text: BY_STATUS[event.detail.xhr.status] ?? OTHERWISE });
});
document.addEventListener("htmx:sendError", () => {
  toast({
    level: "error",
    text: "No connection to the server. What you typed is still here: try again when you are online.",
  });
});
document.addEventListener("htmx:timeout", () => {
  toast({
    level: "error",
    text: "The server took too long to answer. What you typed is still here: please try again.",
  });
});
// The server's messages travel with the answer, see HtmxResponseMiddleware.
document.addEventListener("toast", (event) => {
  for (const message of event.detail.value ?? []) toast(message);
});
