// Recordings in this browser's IndexedDB until the server has the finished note: they survive a reload, a crash and a
// computer that is switched off. Every call that cannot do what it says raises a StoreError, whose name is "StoreFull"
// (no room left on this computer) or "StoreUnavailable" (a private window, a damaged store).
const DATABASE = "roomtone";
const VERSION = 1;
const WRITE = ["readwrite", { durability: "strict" }]; // on the disk, not on its way there
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

// Adds a recording, or puts it in the place of the one with the same key: {key, user, target: {reservation or property,
// label, url}, type, startedAt (milliseconds since 1970), seconds, levels, state ("recording", "stopped" or
// "discarded"), segments}. Without a user it belongs to who is signed in: {id, name}.
export async function putRecording(recording) {
  await write("recordings", (store) => store.put({ ...recording, user: recording.user ?? currentUser() }));
  askToStay();
}

// Resolves when the chunk is on the disk. `seconds` is the recorder's clock at its end.
export async function addChunk(key, index, { blob, segment, seconds }) {
  // Bytes: a blob would be a file beside the database, which Safari's private windows refuse and a crash may lose.
  const bytes = await blob.arrayBuffer();
  await write("chunks", (store) => store.put({ bytes, type: blob.type, segment, seconds }, [key, index]));
}

// In order: [{index, blob, segment, seconds}]
export async function chunksOf(key) {
  const [chunks, keys] = await read("chunks", (store) => [store.getAll(rangeOf(key)), store.getAllKeys(rangeOf(key))]);
  return chunks.map(({ bytes, type, segment, seconds }, place) => {
    return { index: keys[place][1], blob: new Blob([bytes], { type }), segment, seconds };
  });
}

// The oldest first, of whoever made them. `chunks` is how many there are, `seconds` the clock at the end of the last.
export async function allRecordings() {
  const transaction = await begin(["recordings", "chunks"], "readonly");
  const all = transaction.objectStore("recordings").getAll();
  all.onsuccess = () => {
    for (const recording of all.result) measure(recording, transaction.objectStore("chunks"));
  };
  await end(transaction);
  return all.result.sort((one, other) => one.startedAt - other.startedAt);
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

// Resolves when nobody has it locked; raises when the signal ends the waiting.
export function whenUnlocked(key, signal) {
  return navigator.locks.request(LOCK + key, { mode: "shared", signal }, () => {});
}

// As the server writes it beside the finished note.
export async function sha256Of(chunks) {
  const bytes = await new Blob(chunks.map(({ blob }) => blob)).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function currentUser() {
  const { user, userName } = document.body.dataset;
  return { id: user, name: userName };
}

// Browsers throw away what sites keep when the disk gets full, unless the site was allowed to stay. Firefox asks the
// person: nobody waits for the answer.
function askToStay() {
  if (hasAsked) return;
  hasAsked = true;
  navigator.storage?.persist?.().catch(() => {});
}

// A page that crashed had no time to write down how far it was: its last chunk knows.
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
  const transaction = await begin(name, "readonly");
  const requests = ask(transaction.objectStore(name));
  await end(transaction);
  return requests.map(({ result }) => result);
}

async function write(names, change) {
  const transaction = await begin(names, ...WRITE);
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

async function begin(...modes) {
  opened ??= open();
  try {
    return (await opened).transaction(...modes);
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

// A later release, in another tab, may want the database for itself; the browser may close it when storage is cleared.
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
