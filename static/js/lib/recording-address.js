// The server's address of a recording. Every page for signed-in users has it with an empty key in `data-recording`.
const EMPTY_KEY = "00000000-0000-0000-0000-000000000000";

export function addressOf(key) {
  return document.querySelector("[data-recording]").dataset.recording.replace(EMPTY_KEY, key);
}
