// On every page of a signed-in user: lets the service worker store the downtime pack, and refreshes it. Without the
// address of a worker the pack is switched off, and what is stored is removed.
const CACHE = "roomtone-downtime-pack"; // as in service-worker.js
const REFRESH_MILLISECONDS = 5 * 60 * 1000;
// A new page does not refresh a pack that is younger.
const FRESH_MILLISECONDS = 2 * 60 * 1000;

class OfflinePack extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (!("serviceWorker" in navigator)) return; // as over plain HTTP from another machine
    if (this.dataset.worker) this.#start();
    else removeAll();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  async #start() {
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MILLISECONDS);
    try {
      await navigator.serviceWorker.register(this.dataset.worker);
      if (!(await isFresh(this.dataset.pack))) await this.#refresh();
    } catch {
      // In a private window, or without a connection, no copy is stored.
    }
  }

  async #refresh() {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ files: JSON.parse(this.dataset.files) });
  }
}

async function isFresh(pack) {
  const stored = (await caches.has(CACHE)) && (await (await caches.open(CACHE)).match(pack));
  return stored && Date.now() - Date.parse(stored.headers.get("Date")) < FRESH_MILLISECONDS;
}

async function removeAll() {
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((registration) => registration.unregister()));
  await caches.delete(CACHE);
}

customElements.define("offline-pack", OfflinePack);
