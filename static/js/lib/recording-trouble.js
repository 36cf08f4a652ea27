// What stands between a recording and the server, with a message fit for the desk. All kinds but "refused" pass by
// themselves.
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

export class Trouble extends Error {
  constructor(kind, words = WORDS[kind]) {
    super(words);
    this.kind = kind;
  }
}

// What a browser says about its own failures is not for the desk.
export function asTrouble(error) {
  return error instanceof Trouble ? error : new Trouble("refused", WORDS.unreadable);
}

export function isElsewhere() {
  return new Trouble("refused", WORDS.elsewhere);
}

// What an answer that is no state means. A redirect leads to the sign-in page; 403 is a token from before the last sign-in.
export async function whyNot(answer) {
  const { status, type } = answer;
  if (type === "opaqueredirect" || status === 401 || status === 403) return new Trouble("signed-out");
  if (status === 404) return new Trouble("refused", WORDS.gone);
  const { message } = await answer.json().catch(() => ({}));
  if (status === 429 || status >= 500) return new Trouble("busy", message);
  return new Trouble("refused", message ?? (status === 413 ? WORDS.large : WORDS.refused));
}
