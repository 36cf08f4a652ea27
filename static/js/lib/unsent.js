// Recordings that an earlier page left in this browser, and how they are sent or discarded.
import { csrfToken } from "lib/cookies";
import { formatSeconds } from "lib/duration";
import { addressOf } from "lib/recording-address";
import { allRecordings, chunksOf, currentUser, deleteRecording, lockRecording, sha256Of } from "lib/recording-store";
import { lockedElsewhere } from "lib/upload-error";
import { UploadSession } from "lib/upload-session";

const LOOK_MILLISECONDS = 5000;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

// The recordings of the signed-in person that have chunks and were not discarded. None when the store cannot be read.
export async function ownUnsent() {
  const { id } = currentUser();
  const all = await allRecordings().catch(() => []);
  return all.filter(({ user, chunks, state }) => user.id === id && chunks && state !== "discarded");
}

// 14:05, or 14:05 on 3 May
export function whenInWords({ startedAt }) {
  const time = TIME.format(startedAt);
  const day = DAY.format(startedAt);
  return day === DAY.format(Date.now()) ? time : `${time} on ${day}`;
}

export function forWhom({ target, seconds }) {
  return `for ${target.label} (${formatSeconds(seconds)})`;
}

// Whether the server has the whole note: its answer was lost on the way. No when it cannot be asked.
export async function isSaved(key) {
  try {
    const signal = AbortSignal.timeout(LOOK_MILLISECONDS);
    const answer = await fetch(addressOf(key), { redirect: "manual", cache: "no-store", signal });
    const { note } = answer.ok ? await answer.json() : {};
    return Boolean(note) && note.id === key && note.sha256 === (await sha256Of(await chunksOf(key)));
  } catch {
    return false;
  }
}

// Resolves to the note when the server has confirmed it and the copy here is gone. `say` is told how it goes: words, the
// share that has arrived (0 to 1, while it goes well), the kind of error. Rejects with words for the desk when the
// server refuses, when another page has the recording, and after the signal.
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

// When the page is on its way out and cannot wait for an answer.
export function sendDiscard(key) {
  const headers = { "X-CSRFToken": csrfToken() };
  fetch(`${addressOf(key)}discard/`, { method: "POST", headers, redirect: "manual", keepalive: true }).catch(() => {});
}

// Here and on the server. Without the server it is tried again at the next page load.
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
