// The recordings that this browser still has of earlier pages. They are offered to the user who made them; other users
// on this computer are told that they wait. A recording that a page records or sends is left out until it is unlocked.
import {
  allRecordings,
  currentUser,
  deleteOlderThan,
  deleteRecording,
  lockedKeys,
  whenUnlocked,
} from "lib/recording-store";
import { toast } from "lib/toasts";

const LIST = "voice-notes-list";
const CHANNEL = "roomtone-who-is-here";
// With 0 hours nothing is kept after signing out. When only the session has ended, it is kept so long.
const LONGEST_SHIFT_HOURS = 24;

// Most pages find nothing, and need none of what it takes to send a recording.
let unsent = null;
const load = async () => {
  await import("elements/unsent-recording");
  unsent = await import("lib/unsent");
};

class UnsentRecordings extends HTMLElement {
  #shown = new Map(); // key → the line in the list
  #awaited = new Set(); // keys that another page, or the recorder of this page, has locked
  #gone = new AbortController();
  #last = Promise.resolve();

  connectedCallback() {
    if (!navigator.locks) return; // as with plain HTTP from another machine, where there is no microphone either
    this.panel = this.querySelector("section");
    this.#last = this.#forgetOld();
    if (!this.panel) return; // the sign-in page
    this.list = this.querySelector("ul");
    this.user = currentUser();
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", this);
    this.channel.postMessage(this.user.id);
    this.addEventListener("done", this);
    document.addEventListener("visibilitychange", this);
    window.addEventListener("online", this);
    this.#update();
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.channel?.close();
    document.removeEventListener("visibilitychange", this);
    window.removeEventListener("online", this);
  }

  // Whether somebody else has signed in since the page was loaded: what it sends would be saved as theirs.
  get #isStale() {
    return this.user.id !== currentUser().id;
  }

  handleEvent(event) {
    if (event.type === "message") this.#onSomeone(event.data);
    else if (event.type === "done") this.#onDone(event);
    else if (!document.hidden) this.#update();
  }

  async #forgetOld() {
    const hours = Number(this.dataset.keepHours);
    await deleteOlderThan(hours || LONGEST_SHIFT_HOURS).catch(() => {});
  }

  // Another tab was opened, maybe by someone else.
  #onSomeone(id) {
    if (id !== this.user.id) for (const key of [...this.#shown.keys()]) this.#remove(key);
    this.user = { id };
    this.#update();
  }

  #onDone({ target, detail }) {
    const { recording } = target;
    const hadFocus = target.contains(document.activeElement);
    this.#remove(recording.key);
    if (hadFocus) (this.list.querySelector("button:not([hidden])") ?? document.getElementById("main")).focus();
    if (detail?.note) show(detail.note, recording);
  }

  // One update at a time. Another page may begin or end a recording meanwhile: it locks a recording before it stores
  // it, and deletes it before it unlocks it.
  #update() {
    this.#last = this.#last.then(() => this.#updateNow()).catch(() => {}); // without a store there is nothing to offer
  }

  async #updateNow() {
    const before = await lockedKeys();
    const all = await allRecordings();
    if (all.length && !unsent) return load().then(() => this.#updateNow()); // the others have changed meanwhile
    const locked = new Set([...before, ...(await lockedKeys())]);
    const keys = new Set(all.map(({ key }) => key));
    for (const key of [...this.#shown.keys()]) if (!keys.has(key)) this.#remove(key);
    return Promise.all(
      all.filter(({ key }) => !this.#shown.has(key)).map((one) => this.#take(one, locked.has(one.key))),
    );
  }

  async #take(recording, isLocked) {
    const { key, user, chunks, state } = recording;
    if (isLocked) return this.#await(key);
    if (!chunks) return undefined; // it may have just begun; else it is deleted with the old ones
    const isOwn = user.id === this.user.id;
    if (!isOwn && (state === "discarded" || this.dataset.keepHours === "0")) return deleteRecording(key);
    if (!isOwn || this.#isStale) return this.#tell(recording);
    if (state === "discarded") return void unsent.discard(recording, { signal: this.#gone.signal }).catch(() => {});
    return (await unsent.isSaved(key)) ? deleteRecording(key) : this.#offer(recording);
  }

  #await(key) {
    if (this.#awaited.has(key)) return;
    this.#awaited.add(key);
    whenUnlocked(key, this.#gone.signal).then(
      () => {
        this.#awaited.delete(key);
        this.#update();
      },
      () => {},
    );
  }

  #tell({ key, user, startedAt }) {
    const line = this.#add(key, "[data-others]");
    line.querySelector("[data-who]").textContent = user.name;
    line.querySelector("[data-made]").textContent = unsent.whenInWords({ startedAt });
    line.querySelector("[data-as]").textContent = user.name;
  }

  #offer(recording) {
    if (this.#isStale) return; // since the server was asked
    const line = this.#add(recording.key, "[data-own]", recording.startedAt);
    line.querySelector("unsent-recording").show(recording);
  }

  // The user's own recordings come first, in order of time, then those of others.
  #add(key, template, startedAt = Infinity) {
    const line = this.querySelector(template).content.firstElementChild.cloneNode(true);
    for (const part of line.querySelectorAll("[id]")) part.id += `-${key}`;
    this.#shown.set(key, line);
    line.dataset.at = startedAt;
    const later = [...this.list.children].find(({ dataset }) => Number(dataset.at) > startedAt);
    this.list.insertBefore(line, later ?? null);
    this.panel.hidden = false;
    return line;
  }

  #remove(key) {
    this.#shown.get(key).remove();
    this.#shown.delete(key);
    this.panel.hidden = !this.#shown.size;
  }
}

// Adds the note to the list, if this is the page that it belongs to.
function show(note, recording) {
  toast({
    level: "success",
    text: `The recording ${unsent.forWhom(recording)} is saved. Its text follows in a moment.`,
  });
  const isHere =
    new URL(recording.target.url, location).pathname === location.pathname && document.getElementById(LIST);
  if (!isHere || document.getElementById(`note-${note.id}`)) return;
  window.htmx.ajax("GET", note.url, { target: `#${LIST}`, swap: "afterbegin" });
}
customElements.define("unsent-recordings", UnsentRecordings);
