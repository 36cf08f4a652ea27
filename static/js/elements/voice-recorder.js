// Speak, listen, save. What was spoken stays here until the server has confirmed the note, or the desk throws it away.
import { formatSeconds } from "lib/duration";
import { inWords, Microphone } from "lib/microphone";
import { Recording } from "lib/recording";
import { isPressed } from "lib/shortcuts";
import { drawNewest } from "lib/waveform";

const TICK_MILLISECONDS = 100;
const BARS = { pixelsEach: 8, levelsPerBar: 2 };
const SILENCE_SECONDS = 2;
const HINT_AFTER_MILLISECONDS = 4000;

const SAYS = {
  asking: "Asking for the microphone…",
  stillAsking: "Waiting for the microphone. Is the browser asking, near the address bar, whether it may be used?",
  cancelled: "Cancelled. Nothing was recorded.",
  refused: "Nothing was recorded.",
  recording: "Recording. Speak now.",
  silent: "The microphone gives no sound. Is it muted, or is another one in use?",
  paused: "Paused. Nothing is recorded until you resume.",
  silenced: "Paused: another program or the system took the microphone. Resume when it is free.",
  recorded: "Listen, then save the note or discard it.",
  atLimit: "This is the longest a note can be, so recording has stopped. Listen, then save the note.",
  lost: "The microphone was disconnected. What you said until then is kept: listen, then save the note.",
  saving: "Saving…",
  kept: "The note is not saved yet. The recording is still here: try again.",
  saved: "Saved. The text follows in a moment.",
  discarded: "Recording discarded.",
  unsaved: "Save the recording or discard it first.",
};
// Which button has the keyboard after a change.
const FOCUS = {
  idle: "record",
  asking: "cancel",
  recording: "stop",
  paused: "resume",
  recorded: "save",
  discarded: "undo",
};

class VoiceRecorder extends HTMLElement {
  #recording = new Recording();
  #microphone = null;
  #timer = null;
  #file = null;
  #lastSound = 0; // seconds into the recording
  #verbs = {
    record: () => this.#record(),
    cancel: () => this.#cancel(),
    pause: () => this.#pause(SAYS.paused),
    resume: () => this.#resume(),
    stop: () => this.#stop(SAYS.recorded),
    save: () => this.#save(),
    discard: () => this.#discard(),
    undo: () => this.#undo(),
  };

  connectedCallback() {
    this.box = this.querySelector(".recorder");
    this.says = this.querySelector("[data-says]");
    this.wave = this.querySelector("[data-meter]");
    this.clock = this.querySelector("[data-spoken]");
    this.player = this.querySelector("voice-player");
    this.upload = this.querySelector("voice-upload");
    this.addEventListener("click", this);
    document.addEventListener("keydown", this);
    document.addEventListener("htmx:beforeSwap", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("htmx:beforeSwap", this);
    window.removeEventListener("beforeunload", this);
    clearInterval(this.#timer);
    this.#microphone?.close();
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "htmx:beforeSwap") this.#onSwap(event);
    else event.preventDefault(); // beforeunload: the browser asks whether to leave
  }

  get #limit() {
    return Number(this.dataset.limitSeconds);
  }

  #onClick(event) {
    const verb = event.target.closest("[data-do]")?.dataset.do;
    const isSecondOfTwo = verb === "stop" && event.detail > 1; // a double click on Record is no Stop
    if (!isSecondOfTwo) this.#verbs[verb]?.();
  }

  #onKey(event) {
    if (isPressed(event, "r")) this.#record();
  }

  #onSwap(event) {
    if (!this.#recording.isUnsaved || !event.detail.shouldSwap || !event.detail.target.contains(this)) return;
    event.preventDefault();
    this.upload.explain(SAYS.unsaved);
  }

  async #record() {
    if (this.#recording.state === "discarded") this.#recording = new Recording();
    const recording = this.#recording;
    if (!recording.move("ask")) return;
    this.upload.explain("");
    this.#show(SAYS.asking);
    const hint = setTimeout(() => this.#say(SAYS.stillAsking), HINT_AFTER_MILLISECONDS);
    try {
      const microphone = await Microphone.open();
      if (recording.move("open")) this.#takeFrom(microphone);
      else microphone.close(); // cancelled while the browser was asking
    } catch (error) {
      if (!recording.move("refuse")) return;
      this.#show(SAYS.refused);
      this.upload.explain(inWords(error));
    } finally {
      clearTimeout(hint);
    }
  }

  #takeFrom(microphone) {
    const recording = this.#recording;
    this.#microphone = microphone;
    recording.type = microphone.type;
    microphone.addEventListener("chunk", ({ detail }) => recording.add(detail));
    microphone.addEventListener("silenced", () => this.#pause(SAYS.silenced));
    microphone.addEventListener("lost", () => this.#stop(SAYS.lost));
    document.dispatchEvent(new CustomEvent("roomtone:sound", { detail: this })); // players fall silent
    this.#lastSound = 0;
    this.#timer = setInterval(() => this.#tick(), TICK_MILLISECONDS);
    this.#show(SAYS.recording);
    this.#tick();
  }

  #tick() {
    const recording = this.#recording;
    const { level, isSilent } = this.#microphone.read();
    this.box.style.setProperty("--level", recording.state === "recording" ? level.toFixed(2) : 0);
    this.clock.textContent = `${formatSeconds(recording.seconds)} / ${formatSeconds(this.#limit)}`;
    if (recording.state !== "recording") return;
    recording.levels.push(Math.round(level * 100));
    drawNewest(this.wave, recording.levels, BARS);
    this.#warnOfSilence(isSilent);
    if (recording.seconds >= this.#limit) this.#stop(SAYS.atLimit);
  }

  #warnOfSilence(isSilent) {
    if (!isSilent) this.#lastSound = this.#recording.seconds;
    const isWarning = this.#recording.seconds - this.#lastSound >= SILENCE_SECONDS;
    if (isWarning === (this.box.dataset.warning === "")) return;
    this.box.toggleAttribute("data-warning", isWarning);
    this.#say(isWarning ? SAYS.silent : SAYS.recording);
  }

  #cancel() {
    if (!this.#recording.move("refuse")) return;
    this.#startOver(SAYS.cancelled); // the old one may still be given a microphone
  }

  #pause(words) {
    if (!this.#recording.move("pause")) return;
    this.#microphone.pause();
    this.#show(words);
  }

  #resume() {
    if (!this.#recording.move("resume")) return;
    this.#microphone.resume();
    this.#lastSound = this.#recording.seconds;
    this.#show(SAYS.recording);
  }

  async #stop(words) {
    const recording = this.#recording;
    if (!recording.move("stop")) return;
    clearInterval(this.#timer);
    await this.#microphone.stop();
    this.#file = await recording.file();
    if (!this.#file) return this.#startOver(SAYS.refused);
    this.player.load({ file: this.#file, seconds: recording.seconds, peaks: recording.levels });
    this.#show(words);
  }

  async #save() {
    if (!this.#recording.move("save")) return;
    this.player.pause();
    this.#show(SAYS.saving);
    const isSaved = await this.upload.send(this.#file, this.#recording.key);
    this.#recording.move(isSaved ? "confirm" : "keep");
    if (isSaved) this.#startOver(SAYS.saved);
    else this.#show(SAYS.kept);
  }

  #discard() {
    if (!this.#recording.move("discard")) return;
    this.player.pause();
    this.#show(SAYS.discarded);
  }

  #undo() {
    if (this.#recording.move("undo")) this.#show(SAYS.recorded);
  }

  #startOver(words) {
    this.#recording = new Recording();
    this.#show(words);
  }

  #show(words) {
    const { state, isUnsaved } = this.#recording;
    const hadFocus = this.contains(document.activeElement) || document.activeElement === document.body;
    this.box.dataset.state = state;
    this.box.removeAttribute("data-warning");
    for (const part of this.box.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    }
    this.#say(words);
    if (hadFocus) this.box.querySelector(`[data-do=${FOCUS[state]}]`)?.focus();
    const change = isUnsaved ? "addEventListener" : "removeEventListener";
    window[change]("beforeunload", this);
  }

  #say(words) {
    if (this.says.textContent !== words) this.says.textContent = words;
  }
}
customElements.define("voice-recorder", VoiceRecorder);
