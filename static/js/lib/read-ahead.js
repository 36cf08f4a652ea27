// When a page has loaded, fetches the modules that other pages need, so that these are as quick the first time as later.
// Once for each release: browsers keep modules for a year.
const DONE = "modules-read";
const LANES = 3; // of the six connections that a browser has to a server: a click finds one free

const { imports } = JSON.parse(document.querySelector("script[type=importmap]").textContent);
const addresses = [...new Set(Object.values(imports))];
const release = addresses.join(" ");

async function read(waiting) {
  while (waiting.length) {
    const response = await fetch(waiting.pop(), { priority: "low" });
    await response.arrayBuffer(); // only then is all of it in the cache
  }
}

async function readAhead() {
  const waiting = [...addresses];
  await Promise.all(Array.from({ length: LANES }, () => read(waiting)));
  localStorage.setItem(DONE, release);
}

const begin = () => readAhead().catch(() => {}); // offline: the next page goes on

if (localStorage.getItem(DONE) !== release && !navigator.connection?.saveData) {
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
