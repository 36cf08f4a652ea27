// Any part of a page may say something: level is "success", "info" or "error"; undo is an address to POST to.
export function toast({ level = "info", text, undo = "" }) {
  document.dispatchEvent(new CustomEvent("roomtone:toast", { detail: { level, text, undo } }));
}
