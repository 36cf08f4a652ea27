// Continues the recording that was playing on the page before, at the foot of this page, or in the note's own player if
// this page has it. All of it is forgotten at the sign-out.
import "elements/voice-player"; // it must be there before us: we ask it what it plays
import { belongTo, forgetListening, leaveForNextPage, takeFromLastPage } from "lib/playback";

// All tabs of one browser are one pair of loudspeakers, and one person at the desk.
const TABS = "roomtone-sound";
const SIGNED_OUT = "signed out";
const SOUNDS = "sounds";

class VoiceDock extends HTMLElement {
  #tabs = null;

  connectedCallback() {
    this.#tabs = new BroadcastChannel(TABS);
    if (!this.dataset.person) return this.#signOut();
    belongTo(this.dataset.person);
    this.player = this.querySelector("voice-player");
    this.link = this.querySelector("[data-link]");
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    document.addEventListener("roomtone:sound", this);
    for (const type of ["pagehide", "pageshow"]) addEventListener(type, this);
    this.#tabs.addEventListener("message", this);
    this.#goOn();
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
    else if (event.type === "pageshow" && event.persisted) this.#goOn();
    else if (event.type === "message") this.#onOtherTab(event.data);
  }

  #goOn() {
    this.hidden = true;
    const sound = takeFromLastPage();
    if (!sound) return;
    const own = document.querySelector(`.note voice-player[data-note="${sound.note}"]`);
    if (own) own.take({ ...sound, link: own.dataset.link });
    else this.#show(sound);
  }

  #show(sound) {
    this.hidden = false;
    this.link.textContent = sound.label;
    this.link.href = sound.link;
    this.player.take(sound);
  }

  // Looked up at each use, because a row that was swapped has another player.
  get #sounding() {
    return [...document.querySelectorAll("voice-player")].find((player) => player.isPlaying);
  }

  #onSound(player) {
    if (player !== this.player) this.hidden = true;
    this.#tabs.postMessage(SOUNDS);
  }

  // Only the page for signing in has no person: whoever was here has gone, or the session is over.
  #signOut() {
    forgetListening();
    this.#tabs.postMessage(SIGNED_OUT);
  }

  #onOtherTab(news) {
    this.#sounding?.pause();
    if (news !== SIGNED_OUT) return;
    this.hidden = true;
    forgetListening();
  }

  #onClick(event) {
    if (!event.target.closest("[data-close]")) return;
    this.player.pause();
    this.hidden = true;
    document.getElementById("main").focus();
  }

  // The Back button brings a page back with its players as they were, so they are paused before.
  #leave() {
    const player = this.#sounding ?? (this.hidden || this.player.hasEnded ? null : this.player);
    if (player?.dataset.note) leaveForNextPage(player.sound);
    player?.pause();
  }
}
customElements.define("voice-dock", VoiceDock);
