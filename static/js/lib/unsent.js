// Finds, sends and discards recordings that earlier pages have left in this browser.
import { csrfToken } from "lib/cookies";
import { formatSeconds } from "lib/duration";
import { addressOf } from "lib/recording-address";
import { chunksOf, deleteRecording, lockRecording, sha256Of } from "lib/recording-store";
import { lockedElsewhere } from "lib/upload-error";
import { UploadSession } from "lib/upload-session";

const ANSWER_MILLISECONDS = 5000;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

// 14:05, or 14:05 on 3 May
export function whenInWords({ startedAt }) {
  const time = TIME.format(startedAt);
  const day = DAY.format(startedAt);
  return day === DAY.format(Date.now()) ? time : `${time} on ${day}`;
}

export function forWhom({ target, seconds }) {
  return `for ${target.label} (${formatSeconds(seconds)})`;
}

// Resolves to whether the server has the whole note, because its answer was lost; false when it cannot be asked.
export async function isSaved(key) {
  try {
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
    const answer = await fetch(addressOf(key), { redirect: "manual", cache: "no-store", signal });
    const { note } = answer.ok ? await answer.json() : {};
    return Boolean(note) && note.id === key && note.sha256 === (await sha256Of(await chunksOf(key)));
  } catch {
    return false;
  }
}

// Resolves to the note when the server has confirmed it and the copy here is deleted. `say` is called with a message,
// the share that was sent (0 to 1, undefined after an error), and the kind of error. Rejects with a message for the
// user when the server refuses, when another page has the recording locked, and when the signal is aborted.
export async function deliver({ key, target, chunks }, { say, signal }) {
  return withLock(key, signal, async () => {
    const session = new UploadSession({ key, target });
    const report = (sent) => say(sent < chunks ? "Sending…" : "Sent. It is being saved…", Math.min(1, sent / chunks));
    session.addEventListener("state", ({ detail }) => report(detail.expected));
    session.addEventListener("error", ({ detail }) => say(detail.words, undefined, detail.kind));
    signal.addEventListener("abort", () => session.close());
    try {
      report(0);
      const note = await session.save();
      await deleteRecording(key);
      return note;
    } finally {
      session.close();
    }
  });
}

// For a page that is being closed: sends the request and waits for no response.
export function sendDiscard(key) {
  const headers = { "X-CSRFToken": csrfToken() };
  fetch(`${addressOf(key)}discard/`, { method: "POST", headers, redirect: "manual", keepalive: true }).catch(() => {});
}

// Discards a recording on the server, then here. Without a connection, the next page tries again.
export async function discard({ key, target, chunks }, { signal }) {
  return withLock(key, signal, async () => {
    const session = new UploadSession({ key, target });
    signal.addEventListener("abort", () => session.close());
    try {
      if (chunks) await session.discard();
      if (!signal.aborted) await deleteRecording(key);
    } finally {
      session.close();
    }
  });
}

async function withLock(key, signal, work) {
  signal.throwIfAborted();
  const unlock = await lockRecording(key);
  if (!unlock) throw lockedElsewhere();
  try {
    return await work();
  } finally {
    unlock();
  }
}
