// Stores the latest downtime pack, and shows it while the server cannot be reached, which means that a request gets no
// response at all. It stores nothing else, and handles only requests for pages, the sign-out, and files of a pack that
// it has shown. The page that registers it gives the addresses of the pack and of the sign-out as parameters.
const ADDRESSES = new URL(self.location).searchParams;
const PACK = ADDRESSES.get("pack");
const SIGN_OUT = ADDRESSES.get("sign-out");
const CACHE = "roomtone-downtime-pack";
const LONGEST_MILLISECONDS = 24 * 60 * 60 * 1000;
let signOuts = 0; // counted, so that a pack that was requested before a sign-out is not stored after it
let shown = []; // addresses of the files of the pack that is shown

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(start()));

// A page sends this message to refresh the pack, with the files that it needs; their names change with each release.
self.addEventListener("message", (event) => event.waitUntil(refresh(event.data.files).catch(() => {})));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (isSignOut(request)) event.respondWith(signOut(request));
  else if (request.mode === "navigate" && request.method === "GET") event.respondWith(pageOrPack(event));
  else if (shown.includes(request.url)) event.respondWith(caches.match(request).then((file) => file ?? fetch(request)));
});

// With navigation preload, a page is requested before the worker has started.
async function start() {
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function refresh(files) {
  const before = signOuts;
  const answer = await fetch(PACK, { cache: "no-store", credentials: "same-origin" });
  if (!isPack(answer)) return; // an error, or the sign-in page after the end of the session
  const body = await answer.blob();
  const fetched = await Promise.all(files.map(async (file) => [file, await fetch(file)]));
  if (fetched.some(([, file]) => !file.ok) || before !== signOuts) return;
  const cache = await caches.open(CACHE);
  await Promise.all(fetched.map(([file, response]) => cache.put(file, response)));
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

// The server's response, or the pack if there is none.
async function pageOrPack(event) {
  try {
    return (await preloaded(event)) ?? (await fetch(event.request));
  } catch (error) {
    const pack = (await caches.has(CACHE)) && (await showPack(await caches.open(CACHE)));
    if (pack) return pack;
    throw error;
  }
}

// Without a network the promise is rejected in Chromium and WebKit; in Firefox it resolves to a response of type
// "error".
async function preloaded(event) {
  const answer = await event.preloadResponse;
  return answer?.type === "error" ? null : answer;
}

async function showPack(cache) {
  const pack = await cache.match(PACK);
  if (!pack) return null;
  if (Date.now() - Date.parse(pack.headers.get("Date")) > LONGEST_MILLISECONDS) {
    await caches.delete(CACHE);
    return null;
  }
  shown = (await cache.keys()).map(({ url }) => url);
  return new Response((await pack.text()).replace("data-away hidden", "data-away"), { headers: pack.headers });
}

function isSignOut(request) {
  return request.mode === "navigate" && request.method === "POST" && new URL(request.url).pathname === SIGN_OUT;
}

// The pack is deleted before and after the sign-out, because another tab may request it while the session is still
// valid.
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
