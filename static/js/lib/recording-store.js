// Stores recordings in this browser's IndexedDB until the server has the finished note, so that they survive a reload,
// a crash and a power cut. A call that fails raises a StoreError, whose name is "StoreFull" (the disk is full) or
// "StoreUnavailable" (such as in a private window, or with a damaged store).
const DATABASE = "roomtone";
const VERSION = 1;
const WRITE = ["readwrite", { durability: "strict" }]; // complete only when it is on the disk
const FULL = ["QuotaExceededError", "NS_ERROR_FILE_NO_DEVICE_SPACE"];
const HOUR_MILLISECONDS = 60 * 60 * 1000;
const LOCK = "recording-";

let opened = null; // promise of the database
let hasAsked = false;

export class StoreError extends Error {
  constructor(cause) {
    super("", { cause });
    this.name = FULL.includes(cause?.name) ? "StoreFull" : "StoreUnavailable";
  }
}

// Adds a recording, or replaces the one with the same key: {key, user, target: {reservation or property,
// label, url}, type, startedAt (milliseconds since 1970), seconds, levels, state ("recording", "stopped" or
// "discarded"), segments}. The user, {id, name}, is the signed-in one if none is given.
export async function putRecording(recording) {
  await write("recordings", (store) => store.put({ ...recording, user: recording.user ?? currentUser() }));
  requestPersistence();
}

// Resolves when the chunk is on the disk. `seconds` is the recorder's clock at its end.
export async function addChunk(key, index, { blob, segment, seconds }) {
  // Bytes and no blob: blobs are stored as files, which Safari's private windows refuse and a crash may lose.
  const bytes = await blob.arrayBuffer();
  await write("chunks", (store) => store.put({ bytes, type: blob.type, segment, seconds }, [key, index]));
}

// Resolves to the chunks in order: [{index, blob, segment, seconds}]
export async function chunksOf(key) {
  const [chunks, keys] = await read("chunks", (store) => [store.getAll(rangeOf(key)), store.getAllKeys(rangeOf(key))]);
  return chunks.map(({ bytes, type, segment, seconds }, place) => {
    return { index: keys[place][1], blob: new Blob([bytes], { type }), segment, seconds };
  });
}

// Resolves to the recordings of all users, the oldest first. `chunks` is the number of chunks, `seconds` the recorder's
// clock at the end of the last one.
export async function allRecordings() {
  const transaction = await beginTransaction(["recordings", "chunks"], "readonly");
  const all = transaction.objectStore("recordings").getAll();
  all.onsuccess = () => {
    for (const recording of all.result) measure(recording, transaction.objectStore("chunks"));
  };
  await end(transaction);
  return all.result.sort((one, other) => one.startedAt - other.startedAt);
}

// Those of the signed-in person that have chunks and were not discarded. None when the store cannot be read.
export async function ownUnsent() {
  const { id } = currentUser();
  const all = await allRecordings().catch(() => []);
  return all.filter(({ user, chunks, state }) => user.id === id && chunks && state !== "discarded");
}

export async function deleteRecording(key) {
  await write(["recordings", "chunks"], (recordings, chunks) => {
    recordings.delete(key);
    chunks.delete(rangeOf(key));
  });
}

export async function deleteOlderThan(hours) {
  const oldest = Date.now() - hours * HOUR_MILLISECONDS;
  for (const { key, startedAt } of await allRecordings()) if (startedAt < oldest) await deleteRecording(key);
}

// The page that records or sends a recording locks it, so that no other tab offers it. Resolves to a function that
// unlocks it, or to null when another page has the lock. The browser unlocks what a closed or crashed page had locked.
export function lockRecording(key) {
  return new Promise((resolve, reject) => {
    const untilUnlocked = (lock) => new Promise((unlock) => (lock ? resolve(unlock) : unlock(resolve(null))));
    navigator.locks.request(LOCK + key, { ifAvailable: true }, untilUnlocked).catch(reject);
  });
}

// The keys of recordings that any page of this browser has locked.
export async function lockedKeys() {
  const { held } = await navigator.locks.query();
  return held
    .map(({ name }) => name)
    .filter((name) => name.startsWith(LOCK))
    .map((name) => name.slice(LOCK.length));
}

// Resolves when no page has the recording locked; raises when the signal is aborted.
export function whenUnlocked(key, signal) {
  return navigator.locks.request(LOCK + key, { mode: "shared", signal }, () => {});
}

// The SHA-256 (hex) of all chunks, as the server stores it with the note.
export async function sha256Of(chunks) {
  const bytes = await new Blob(chunks.map(({ blob }) => blob)).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function currentUser() {
  const { user, userName } = document.body.dataset;
  return { id: user, name: userName };
}

// Browsers delete the data of sites when the disk gets full, except of sites with permission for persistent storage.
// Firefox asks the user for it, and the answer is not waited for.
function requestPersistence() {
  if (hasAsked) return;
  hasAsked = true;
  navigator.storage?.persist?.().catch(() => {});
}

// Sets `chunks` and `seconds` by the last chunk, because a page that crashed did not store its last state.
function measure(recording, chunks) {
  recording.chunks = 0;
  const request = chunks.openCursor(rangeOf(recording.key), "prev");
  request.onsuccess = () => {
    if (!request.result) return;
    recording.chunks = request.result.key[1] + 1;
    recording.seconds = Math.max(recording.seconds ?? 0, request.result.value.seconds);
  };
}

function rangeOf(key) {
  return IDBKeyRange.bound([key], [key, []]); // a list comes after every number
}

async function read(name, ask) {
  const transaction = await beginTransaction(name, "readonly");
  const requests = ask(transaction.objectStore(name));
  await end(transaction);
  return requests.map(({ result }) => result);
}

async function write(names, change) {
  const transaction = await beginTransaction(names, ...WRITE);
  const ended = end(transaction);
  try {
    change(...[names].flat().map((name) => transaction.objectStore(name)));
  } catch (error) {
    transaction.abort();
    await ended.catch(() => {});
    throw new StoreError(error);
  }
  await ended;
}

// Takes the arguments of IDBDatabase.transaction.
async function beginTransaction(...options) {
  opened ??= open();
  try {
    return (await opened).transaction(...options);
  } catch (error) {
    opened = null; // the browser had closed it, or would not open it: the next call tries again
    throw error instanceof StoreError ? error : new StoreError(error);
  }
}

function end(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(new StoreError(transaction.error));
  });
}

function open() {
  return new Promise((resolve, reject) => {
    const fail = (error) => reject(new StoreError(error));
    if (!window.indexedDB) return fail();
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("recordings", { keyPath: "key" });
      request.result.createObjectStore("chunks");
    };
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail();
    request.onsuccess = () => resolve(closable(request.result));
    return undefined;
  });
}

// A later release, in another tab, may upgrade the database; the browser may close it when storage is cleared.
function closable(database) {
  database.onclose = () => {
    opened = null;
  };
  database.onversionchange = () => {
    opened = null;
    database.close();
  };
  return database;
}
