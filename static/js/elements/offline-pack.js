// On every page of who is signed in: has the service worker keep the downtime pack fresh. Without a worker's address
// the operator does not want it, and what an earlier visit left is removed.
// As in service-worker.js
const CACHE = "roomtone-downtime-pack";
const REFRESH_MILLISECONDS = 5 * 60 * 1000;
// Turning pages quickly need not fetch it each time.
const FRESH_MILLISECONDS = 2 * 60 * 1000;

class OfflinePack extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (!("serviceWorker" in navigator)) return; // plain HTTP on another machine
    if (this.dataset.worker) this.#start();
    else leave();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  async #start() {
    this.#timer = setInterval(() => this.#keep(), REFRESH_MILLISECONDS);
    try {
      await navigator.serviceWorker.register(this.dataset.worker);
      if (!(await isFresh(this.dataset.pack))) await this.#keep();
    } catch {
      // A private window, or the server has just gone: then there is no copy, and nothing else is lost.
    }
  }

  async #keep() {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ files: JSON.parse(this.dataset.files) });
  }
}

async function isFresh(pack) {
  const kept = (await caches.has(CACHE)) && (await (await caches.open(CACHE)).match(pack));
  return kept && Date.now() - Date.parse(kept.headers.get("Date")) < FRESH_MILLISECONDS;
}

async function leave() {
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((registration) => registration.unregister()));
  await caches.delete(CACHE);
}

customElements.define("offline-pack", OfflinePack);
