import { equal, test } from "harness";
import { BrowserCopy } from "lib/browser-copy";
import { newKey } from "lib/keys";
import * as store from "lib/recording-store";
import { forWhom, whenInWords } from "lib/unsent";

const HOUR = 60 * 60 * 1000;
const chunk = (text, seconds) => ({ blob: new Blob([text], { type: "audio/webm" }), segment: 0, seconds });

async function empty() {
  for (const { key } of await store.allRecordings()) await store.deleteRecording(key);
}

async function put({ key = newKey(), hoursAgo = 0, ...facts } = {}) {
  await store.putRecording({ key, startedAt: Date.now() - hoursAgo * HOUR, state: "stopped", seconds: 1, ...facts });
  return key;
}

test("chunks come back in order, with their bytes", async () => {
  const key = newKey();
  for (const index of [0, 1, 10, 2]) await store.addChunk(key, index, chunk(`part ${index}`, index));
  const chunks = await store.chunksOf(key);
  equal(
    chunks.map(({ index }) => index),
    [0, 1, 2, 10],
  );
  equal(await chunks[3].blob.text(), "part 10");
  equal(await store.chunksOf(newKey()), []);
});

test("recordings are listed from the oldest, with the length of their last chunk", async () => {
  await empty();
  const young = await put({ seconds: 2 });
  const old = await put({ hoursAgo: 2 });
  await store.addChunk(young, 0, chunk("a", 4));
  await store.addChunk(young, 1, chunk("b", 5.5));
  const all = await store.allRecordings();
  equal(
    all.map(({ key, chunks, seconds }) => [key, chunks, seconds]),
    [
      [old, 0, 1],
      [young, 2, 5.5],
    ],
  );
  equal(all[0].user, { id: "7", name: "Lena" });
});

test("deleting takes the chunks along, and old recordings go", async () => {
  await empty();
  const [young, old] = [await put({ hoursAgo: 1 }), await put({ hoursAgo: 25 })];
  await store.addChunk(young, 0, chunk("a", 1));
  await store.deleteOlderThan(24);
  equal(
    (await store.allRecordings()).map(({ key }) => key),
    [young],
  );
  await store.deleteRecording(young);
  equal(await store.chunksOf(young), []);
  equal(old === young, false);
});

test("a locked recording is nobody else's until it is unlocked", async () => {
  const key = newKey();
  const unlock = await store.lockRecording(key);
  equal(await store.lockRecording(key), null);
  equal((await store.lockedKeys()).includes(key), true);
  const waiting = store.whenUnlocked(key, new AbortController().signal);
  unlock();
  await waiting;
  equal((await store.lockedKeys()).includes(key), false);
});

test("a hash is that of all bytes in order", async () => {
  const hash = await store.sha256Of([chunk("a"), chunk("bc")]);
  equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // of "abc"
});

test("unsent are one's own that have chunks and were not discarded", async () => {
  await empty();
  const own = await put();
  const [discarded, others] = [await put({ state: "discarded" }), await put({ user: { id: "8", name: "Omar" } })];
  for (const key of [own, discarded, others]) await store.addChunk(key, 0, chunk("a", 1));
  await put(); // has no chunk
  equal(
    (await store.ownUnsent()).map(({ key }) => key),
    [own],
  );
});

test("a recording of today is named by its time, an older one by its day too", () => {
  const now = new Date();
  now.setHours(14, 5);
  equal(whenInWords({ startedAt: now.getTime() }), "14:05");
  equal(whenInWords({ startedAt: new Date(2027, 4, 3, 9, 30).getTime() }), "09:30 on 3 May");
  equal(forWhom({ target: { label: "Amara Okafor" }, seconds: 61 }), "for Amara Okafor (1:01)");
});

test("a copy that cannot be stored stays in memory, and says so once", async () => {
  const real = IDBObjectStore.prototype.put;
  const said = [];
  const copy = new BrowserCopy(newKey());
  copy.addEventListener("only-in-memory", ({ detail }) => said.push(detail));
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("", "QuotaExceededError");
  };
  try {
    await copy.add(chunk("a", 1));
    await copy.add(chunk("b", 2));
  } finally {
    IDBObjectStore.prototype.put = real;
  }
  equal([said, copy.isInMemoryOnly, copy.count], [["StoreFull"], true, 2]);
  equal(
    (await copy.chunksOf()).map(({ seconds }) => seconds),
    [1, 2],
  );
  await copy.release();
});
