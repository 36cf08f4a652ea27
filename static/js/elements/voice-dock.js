// Continues the audio that was playing on the page before, in a player at the foot of this page, or in the note's own
// player if this page has it. Signing out deletes what is remembered for that.
import { forgetPerson, hasSoundOfLastPage, leaveForNextPage, setPerson, takeFromLastPage } from "lib/playback";

// The tabs of one browser share loudspeakers and user: one plays at a time, and signing out counts for all.
const TABS = "roomtone-sound";
const SIGNED_OUT = "signed out";
const SOUNDS = "sounds";

class VoiceDock extends HTMLElement {
  #tabs = null;

  connectedCallback() {
    this.#tabs = new BroadcastChannel(TABS);
    if (!this.dataset.person) return this.#signOut();
    setPerson(this.dataset.person);
    this.link = this.querySelector("[data-link]");
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    document.addEventListener("roomtone:sound", this);
    for (const type of ["pagehide", "pageshow"]) addEventListener(type, this);
    this.#tabs.addEventListener("message", this);
    this.#continueFromLastPage();
  }

  disconnectedCallback() {
    document.removeEventListener("roomtone:sound", this);
    for (const type of ["pagehide", "pageshow"]) removeEventListener(type, this);
    this.#tabs?.close();
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "keydown") this.player.onKey(event);
    else if (event.type === "roomtone:sound") this.#onSound(event.detail);
    else if (event.type === "pagehide") this.#leave();
    else if (event.type === "pageshow" && event.persisted) this.#continueFromLastPage();
    else if (event.type === "message") this.#onOtherTab(event.data);
  }

  // On most pages nothing is continued, and no player is needed here. The sound is taken when the player is there: if
  // the user leaves before, the next page continues it.
  async #continueFromLastPage() {
    this.hidden = true;
    if (!hasSoundOfLastPage()) return;
    await import("elements/voice-player");
    const sound = takeFromLastPage();
    if (!sound) return; // another tab has signed out
    const own = document.querySelector(`.note voice-player[data-note="${sound.note}"]`);
    if (own) own.take({ ...sound, link: own.dataset.link });
    else this.#show(sound);
  }

  #show(sound) {
    this.querySelector("template")?.replaceWith(this.querySelector("template").content);
    this.player = this.querySelector("voice-player");
    this.hidden = false;
    this.link.textContent = sound.label;
    this.link.href = sound.link;
    this.player.take(sound);
  }

  // Looked up each time, because htmx may have replaced the row.
  get #playing() {
    return [...document.querySelectorAll("voice-player")].find((player) => player.isPlaying);
  }

  #onSound(player) {
    if (player !== this.player) this.hidden = true;
    this.#tabs.postMessage(SOUNDS);
  }

  // Only the sign-in page has no person: the user has signed out, or the session has ended.
  #signOut() {
    forgetPerson();
    this.#tabs.postMessage(SIGNED_OUT);
  }

  #onOtherTab(message) {
    this.#playing?.pause();
    if (message !== SIGNED_OUT) return;
    this.hidden = true;
    forgetPerson();
  }

  #onClick(event) {
    if (!event.target.closest("[data-close]")) return;
    this.player.pause();
    this.hidden = true;
    document.getElementById("main").focus();
  }

  // Players are paused, because the Back button restores a page with its players as they were.
  #leave() {
    const player = this.#playing ?? (this.hidden || this.player.hasEnded ? null : this.player);
    if (player?.dataset.note) leaveForNextPage(player.sound);
    player?.pause();
  }
}
customElements.define("voice-dock", VoiceDock);
