// Shows a message. level is "success", "info" or "error"; undo is an address for a POST; link is { url, text }.
export function toast({ level = "info", text, undo = "", link = null }) {
  document.dispatchEvent(new CustomEvent("roomtone:toast", { detail: { level, text, undo, link } }));
}
