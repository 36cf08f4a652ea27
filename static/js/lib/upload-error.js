// A failed upload of a recording, with a message for the user. `kind` is "offline", "signed-out", "busy" or
// "refused"; the first three are tried again.
const WORDS = {
  offline: "Kept on this computer; it will be sent when the connection is back.",
  "signed-out": "You were signed out: sign in in a new tab; the recording goes on here.",
  busy: "Kept on this computer; the server is busy and will be asked again.",
  gone: "The server does not take this recording: what it belongs to is gone, or you are signed in as someone else. It is kept on this computer.",
  large: "The recording is too large for the server. It is kept on this computer.",
  elsewhere: "It is still open in a tab of this browser. Save it or discard it there.",
  unreadable: "This browser could not read the recording that it keeps. Reload the page, then try again.",
  refused: "The server does not take this recording. It is kept on this computer.",
};

export class UploadError extends Error {
  constructor(kind, words = WORDS[kind]) {
    super(words);
    this.kind = kind;
  }
}

// Any other exception was raised by the browser; its own message is not shown.
export function asUploadError(error) {
  return error instanceof UploadError ? error : new UploadError("refused", WORDS.unreadable);
}

export function lockedElsewhere() {
  return new UploadError("refused", WORDS.elsewhere);
}

// The error for a response without a state. A redirect leads to the sign-in page; 403 is a CSRF token from before
// the last sign-in.
export async function errorOf(answer) {
  const { status, type } = answer;
  if (type === "opaqueredirect" || status === 401 || status === 403) return new UploadError("signed-out");
  if (status === 404) return new UploadError("refused", WORDS.gone);
  const { message } = await answer.json().catch(() => ({}));
  if (status === 429 || status >= 500) return new UploadError("busy", message);
  return new UploadError("refused", message ?? (status === 413 ? WORDS.large : WORDS.refused));
}
