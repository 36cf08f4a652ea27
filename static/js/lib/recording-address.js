// The server's address of a recording, which every page of somebody who is signed in names with an empty key.
const EMPTY_KEY = "00000000-0000-0000-0000-000000000000";

export function addressOf(key) {
  return document.querySelector("[data-recording]").dataset.recording.replace(EMPTY_KEY, key);
}
