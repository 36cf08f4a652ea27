import { draw, equal, rejection, settle, test, withClock } from "harness";
import { sha256Of } from "lib/recording-store";
import { UploadSession } from "lib/upload-session";

const KEY = "0b5cbd1e-2b5c-4d2a-9d59-6f4a6b1f1c11";
const json = (body, status = 200) => new Response(JSON.stringify(body), { status });
const chunk = (text, seconds) => ({ blob: new Blob([text]), segment: 0, seconds });

// A server of one recording, as the real one answers. `requests` are what arrived, `fails` answers to give first.
class Server {
  requests = [];
  chunks = [];
  fails = [];
  isDiscarded = false;

  async fetch(address, { method = "GET", body } = {}) {
    const path = address.replace(`/recordings/${KEY}/`, "");
    this.requests.push(path || "look");
    const failure = this.fails.shift();
    if (failure) return failure();
    if (path.startsWith("chunks/")) return this.#take(Number(path.split("/")[1]), body);
    if (path === "discard/" || path === "undo/") {
      this.chunks = [];
      return json({});
    }
    const isWhole = method === "GET" || Number(body.get("chunks")) === this.chunks.length;
    return json(await this.state(path === "save/" && isWhole), isWhole ? 200 : 409);
  }

  async #take(index, body) {
    if (index === this.chunks.length) this.chunks.push({ blob: body.get("chunk") });
    return json(await this.state(), index < this.chunks.length ? 200 : 409);
  }

  async state(isSaved) {
    const note = isSaved ? { id: KEY, sha256: await sha256Of(this.chunks) } : null;
    return { expected: this.chunks.length, text: "", transcribed_seconds: 0, is_transcribed: false, note };
  }
}

async function withServer(body) {
  draw('<p data-recording="/recordings/00000000-0000-0000-0000-000000000000/"></p>');
  const real = globalThis.fetch;
  const server = new Server();
  const store = { chunks: [chunk("a", 1), chunk("b", 2)], chunksOf: async () => [...store.chunks] };
  const session = new UploadSession({ key: KEY, target: { reservation: "RT-7K3QX" }, store });
  const events = [];
  session.addEventListener("error", ({ detail }) => events.push(detail.kind));
  session.addEventListener("recovered", () => events.push("recovered"));
  globalThis.fetch = (...request) => server.fetch(...request);
  try {
    await body({ server, store, session, events });
  } finally {
    session.close();
    globalThis.fetch = real;
  }
}

// Until the promise is settled, however long the session waits in between.
async function finish(clock, promise) {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  promise.then(done, done);
  for (let second = 0; second < 60 && !isDone; second += 1) {
    await new Promise((resume) => queueMicrotask(resume));
    await clock.advance(1000);
    await real(); // blobs and hashes are read by the browser, not by promises alone
  }
  return promise;
}

const channel = new MessageChannel();
function real() {
  return new Promise((resume) => {
    channel.port1.onmessage = resume;
    channel.port2.postMessage("");
  });
}

test("it asks where the server stands, then sends what it lacks, in order", () =>
  withServer(async ({ server, session }) => {
    server.chunks = [chunk("a")];
    await session.send();
    equal(server.requests, ["look", "chunks/1/"]);
  }));

test("it saves once the server has every chunk, and checks the note's hash", () =>
  withServer(async ({ server, session }) => {
    const note = await session.save();
    equal(note.id, KEY);
    equal(server.requests, ["look", "chunks/0/", "chunks/1/", "save/"]);
  }));

test("a note that differs from what is here is refused", () =>
  withServer(async ({ server, session, events }) => {
    server.chunks = [chunk("x"), chunk("b")];
    const error = await rejection(session.save());
    equal([error.kind, events], ["refused", ["refused"]]);
  }));

test("a chunk that is spoken later is sent later", () =>
  withServer(async ({ server, store, session }) => {
    await session.send();
    store.chunks.push(chunk("c", 3));
    await session.send();
    equal(server.requests.at(-1), "chunks/2/");
    equal(server.chunks.length, 3);
  }));

test("what fails is tried again, later each time, and said once", () =>
  withServer(({ server, session, events }) =>
    withClock(async (clock) => {
      const offline = () => Promise.reject(new TypeError("Failed to fetch"));
      server.fails = [offline, offline, offline];
      session.send();
      const tries = [];
      for (const milliseconds of [0, 499, 1, 999, 1, 1999]) {
        await clock.advance(milliseconds);
        tries.push(server.requests.length);
      }
      equal([tries, events], [[1, 1, 2, 2, 3, 3], ["offline"]]);
      await finish(clock, session.send());
      equal(events, ["offline", "recovered"]);
      equal(server.chunks.length, 2);
    }),
  ));

test("the connection coming back sends at once", () =>
  withServer(({ server, session }) =>
    withClock(async (clock) => {
      server.fails = [() => Promise.reject(new TypeError("Failed to fetch"))];
      session.send();
      await clock.advance(0);
      window.dispatchEvent(new Event("online"));
      await settle();
      equal(server.requests.length >= 2, true);
      await finish(clock, session.send());
    }),
  ));

test("a refusal is final until somebody asks again", () =>
  withServer(async ({ server, session, events }) => {
    server.fails = [() => json({ message: "The stay is gone." }, 422)];
    equal((await rejection(session.save())).message, "The stay is gone.");
    equal((await session.save()).id, KEY);
    equal(events, ["refused", "recovered"]);
  }));

test("a server that lost what it had is sent everything again", () =>
  withServer(async ({ server, session }) => {
    await session.send();
    server.chunks = [];
    const note = await session.save();
    equal([note.id, server.chunks.length], [KEY, 2]);
  }));

test("what was discarded and taken back is sent again", () =>
  withServer(async ({ server, session }) => {
    await session.send();
    await session.discard();
    equal(server.chunks.length, 0);
    await session.restore();
    equal(server.chunks.length, 2);
  }));

test("a save that is undone is rejected, and nothing more is sent", () =>
  withServer(async ({ server, session }) => {
    await session.send();
    const saving = rejection(session.save());
    await session.undo();
    equal((await saving).kind, "refused");
    equal(server.chunks.length, 0);
    await session.send();
    equal(server.chunks.length, 0);
  }));

test("after it was closed a save is rejected", () =>
  withServer(({ server, session }) =>
    withClock(async (clock) => {
      server.fails = Array(9).fill(() => Promise.reject(new TypeError("Failed to fetch")));
      const saving = rejection(session.save());
      await clock.advance(100);
      session.close();
      equal((await saving).kind, "refused");
    }),
  ));

test("text that comes is followed until all of it is there", () =>
  withServer(async ({ server, session }) => {
    const texts = [];
    session.addEventListener("state", ({ detail }) => texts.push(detail.text));
    const state = { expected: 2, transcribed_seconds: 1, is_transcribed: false, note: null };
    server.fails = [
      () => json({ ...state, text: "Two" }),
      () => json({ ...state, text: "Two cots.", transcribed_seconds: 2, is_transcribed: true }),
    ];
    await session.follow(new AbortController().signal);
    equal(texts, ["Two", "Two cots."]);
    equal(server.requests, ["?wait=1&transcribed=0", "?wait=1&transcribed=1"]);
  }));
