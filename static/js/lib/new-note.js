// Shows a note that was just saved, in the list if this page has one, else as a message with a link to it; and takes it
// off the page again.
import { toast } from "lib/toasts";

const LIST = "voice-notes-list";

export async function showNote({ id, url }) {
  if (document.getElementById(`note-${id}`)) return;
  if (document.getElementById(LIST)) await htmx.ajax("GET", url, { target: `#${LIST}`, swap: "afterbegin" });
  else toast({ level: "success", text: "The voice note is saved.", link: { url, text: "Open it" } });
}

export function removeNote(id) {
  const row = document.getElementById(`note-${id}`);
  const link = row?.querySelector("[data-poll]");
  if (link) htmx.trigger(link, "htmx:abort"); // while it is in the page, so that the list learns that its poll has ended
  row?.remove();
}
