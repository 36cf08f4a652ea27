// Any part of a page may say something: level is "success", "info" or "error"; undo is an address to POST to, link
// ({ url, text }) one to go to.
export function toast({ level = "info", text, undo = "", link = null }) {
  document.dispatchEvent(new CustomEvent("roomtone:toast", { detail: { level, text, undo, link } }));
}
