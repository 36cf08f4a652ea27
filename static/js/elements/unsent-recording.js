// One unsent recording: send it, listen to it, discard it. This page has it locked while it is sent, and while a
// discarded one can be restored.
import "elements/voice-player"; // must be defined: it plays what the browser has
import { formatSeconds } from "lib/duration";
import { chunksOf, lockRecording, putRecording } from "lib/recording-store";
import { soundOf } from "lib/sound-file";
import { deliver, sendDiscard, whenInWords } from "lib/unsent";
import { asUploadError } from "lib/upload-error";

const UNREADABLE = "This browser could not read what it keeps. Reload the page and try again.";
const STOPPED = "Not sent. The recording is still on this computer.";
const DISCARDED = "Discarded. It can be taken back until you leave this page.";
const FOCUS = { offered: "send", sending: "wait", discarded: "undo" };

class UnsentRecording extends HTMLElement {
  #sending = null; // AbortController of Send
  #unlock = null; // unlocks a discarded recording
  #verbs = {
    send: () => this.#send(),
    wait: () => this.#sending?.abort(),
    listen: () => this.#listen(),
    discard: () => this.#discard(),
    undo: () => this.#undo(),
  };

  connectedCallback() {
    this.addEventListener("click", this);
    window.addEventListener("pagehide", this);
  }

  disconnectedCallback() {
    window.removeEventListener("pagehide", this);
    this.#sending?.abort();
    this.#unlock?.();
  }

  handleEvent(event) {
    if (event.type === "pagehide") this.#leave();
    else this.#verbs[event.target.closest("[data-do]")?.dataset.do]?.();
  }

  #leave() {
    if (this.#unlock) sendDiscard(this.recording.key);
  }

  show(recording) {
    this.recording = recording;
    this.says = this.querySelector("[data-says]");
    this.progress = this.querySelector("progress");
    this.player = this.querySelector("voice-player");
    const { target, seconds } = recording;
    this.querySelector("[data-made]").textContent = whenInWords(recording);
    Object.assign(this.querySelector("a"), { textContent: target.label, href: target.url });
    this.querySelector("[data-sign-in]").href = location.href; // leads back to this page, in another tab
    this.querySelector("[data-length]").textContent = formatSeconds(seconds);
  }

  async #send() {
    const sending = new AbortController();
    this.#sending = sending;
    this.player.pause();
    this.#turn("sending", "");
    try {
      const note = await deliver(this.recording, { say: (...how) => this.#say(...how), signal: sending.signal });
      this.#end({ note });
    } catch (error) {
      if (this.isConnected) this.#turn("offered", sending.signal.aborted ? STOPPED : asUploadError(error).message);
    } finally {
      this.#sending = null;
    }
  }

  async #listen() {
    const { key, seconds, levels } = this.recording;
    const sound = await soundOf(await chunksOf(key)).catch(() => null);
    if (!sound) return this.#say(UNREADABLE);
    this.querySelector("[data-player]").hidden = false;
    this.player.load({ file: sound, seconds, peaks: levels ?? [] });
    this.player.playFrom(0);
    this.player.playButton.focus();
    return undefined;
  }

  async #discard() {
    this.#unlock = await lockRecording(this.recording.key);
    if (!this.#unlock) return;
    this.player.pause();
    await this.#keep("discarded");
    this.#turn("discarded", DISCARDED);
  }

  async #undo() {
    await this.#keep("stopped");
    this.#unlock();
    this.#unlock = null;
    this.#turn("offered", "");
  }

  async #keep(state) {
    await putRecording({ ...this.recording, state }).catch(() => this.#say(UNREADABLE));
  }

  #end(detail) {
    this.dispatchEvent(new CustomEvent("done", { bubbles: true, detail }));
  }

  #turn(state, words) {
    const hadFocus = this.contains(document.activeElement) || document.activeElement === document.body;
    this.dataset.state = state;
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    this.#say(words);
    if (hadFocus) this.querySelector(`[data-do=${FOCUS[state]}]`).focus();
  }

  #say(words, share, error) {
    this.querySelector("[data-sign-in]").hidden = error !== "signed-out";
    this.progress.hidden = share === undefined;
    this.progress.value = share ?? 0;
    if (this.says.textContent !== words) this.says.textContent = words;
  }
}
customElements.define("unsent-recording", UnsentRecording);
