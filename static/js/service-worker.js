// Keeps the latest downtime pack and shows it while the server cannot be reached. It keeps nothing else, and touches
// only pages, the sign-out and the files of a pack that it has just shown. A server that answers, whatever it says, is
// there.
// The page that registers it names the addresses of the pack and of the sign-out.
const ADDRESSES = new URL(self.location).searchParams;
const PACK = ADDRESSES.get("pack");
const SIGN_OUT = ADDRESSES.get("sign-out");
const CACHE = "roomtone-downtime-pack";
const LONGEST_MILLISECONDS = 24 * 60 * 60 * 1000;
let signOuts = 0; // what was asked for before one must not be kept after it
let shown = []; // addresses of the files of the pack on the screen

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(start()));

// A page says when, and which files the pack needs: their names change with every release.
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.files).catch(() => {})));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (isSignOut(request)) event.respondWith(signOut(request));
  else if (request.mode === "navigate" && request.method === "GET") event.respondWith(pageOrPack(event));
  else if (shown.includes(request.url)) event.respondWith(caches.match(request).then((file) => file ?? fetch(request)));
});

// Preload: a page does not wait until the worker is awake.
async function start() {
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function keep(files) {
  const before = signOuts;
  const answer = await fetch(PACK, { cache: "no-store", credentials: "same-origin" });
  if (!isPack(answer)) return; // the sign-in page of a session that is over, an error
  const body = await answer.blob();
  const kept = await Promise.all(files.map(async (file) => [file, await fetch(file)]));
  if (kept.some(([, file]) => !file.ok) || before !== signOuts) return;
  const cache = await caches.open(CACHE);
  await Promise.all(kept.map(([file, response]) => cache.put(file, response)));
  await cache.put(PACK, new Response(body, { headers: answer.headers }));
  await forgetOthers(cache, [PACK, ...files]);
  if (before !== signOuts) await caches.delete(CACHE);
}

function isPack(answer) {
  return answer.status === 200 && !answer.redirected;
}

async function forgetOthers(cache, wanted) {
  const addresses = wanted.map((path) => new URL(path, self.location).href);
  for (const request of await cache.keys()) if (!addresses.includes(request.url)) await cache.delete(request);
}

// Only a request without any answer gets the pack.
async function pageOrPack(event) {
  try {
    return (await preloaded(event)) ?? (await fetch(event.request));
  } catch (error) {
    const pack = (await caches.has(CACHE)) && (await showPack(await caches.open(CACHE)));
    if (pack) return pack;
    throw error;
  }
}

// Without a network Chromium and WebKit reject; Firefox resolves to a response that says so.
async function preloaded(event) {
  const answer = await event.preloadResponse;
  return answer?.type === "error" ? null : answer;
}

async function showPack(cache) {
  const kept = await cache.match(PACK);
  if (!kept) return null;
  if (Date.now() - Date.parse(kept.headers.get("Date")) > LONGEST_MILLISECONDS) {
    await caches.delete(CACHE);
    return null;
  }
  shown = (await cache.keys()).map(({ url }) => url);
  return new Response((await kept.text()).replace("data-away hidden", "data-away"), { headers: kept.headers });
}

function isSignOut(request) {
  return request.mode === "navigate" && request.method === "POST" && new URL(request.url).pathname === SIGN_OUT;
}

// Deleted before and after, because another tab may fetch the pack while the session is still valid.
async function signOut(request) {
  await forget();
  try {
    return await fetch(request);
  } finally {
    await forget();
  }
}

async function forget() {
  signOuts += 1;
  await caches.delete(CACHE);
}
