// Speak, listen, save. What was spoken is kept by this browser and sent while one speaks; it stays here until the server
// has confirmed the note, or the desk throws it away.

import { LiveTranscript } from "lib/live-transcript";
import { inWords, Microphone } from "lib/microphone";
import { MicrophoneChoice } from "lib/microphone-choice";
import { showNote } from "lib/new-note";
import { NO_SOUND, SAYS } from "lib/recorder-messages";
import { RecorderView } from "lib/recorder-view";
import { Recording } from "lib/recording";
import { isPressed } from "lib/shortcuts";
import { toast } from "lib/toasts";
import { UploadStatus } from "lib/upload-status";

const TICK_MILLISECONDS = 100;
const SILENCE_SECONDS = 2;
const NOTHING_SECONDS = 5; // without a byte from the browser, which hands some out each second
const HINT_AFTER_MILLISECONDS = 4000;
const STARTS_ANEW = ["discarded", "waiting"];

class VoiceRecorder extends HTMLElement {
  #recording;
  #microphone = null;
  #flushed = Promise.resolve(); // the last chunk of the microphone before
  #timer = null;
  #lastSound = 0; // seconds into the recording, as the next one
  #lastBytes = 0;
  #following = new AbortController();
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
    this.player = this.querySelector("voice-player");
    this.view = new RecorderView(this);
    this.text = new LiveTranscript(this);
    this.status = new UploadStatus(this.querySelector("[data-sent]"));
    this.choice = new MicrophoneChoice(this.querySelector("[data-choice]"));
    this.#recording = this.#newRecording();
    this.choice.addEventListener("choice", this);
    this.choice.addEventListener("arrival", this);
    this.addEventListener("click", this);
    document.addEventListener("keydown", this);
    document.addEventListener("htmx:beforeSwap", this);
    window.addEventListener("beforeunload", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("htmx:beforeSwap", this);
    window.removeEventListener("beforeunload", this);
    clearInterval(this.#timer);
    this.#following.abort();
    this.choice.close();
    this.#microphone?.close();
    if (this.#recording.state !== "waiting") this.#recording.release();
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "choice") this.#onChoice();
    else if (event.type === "arrival") this.#onArrival();
    else if (event.type === "htmx:beforeSwap") this.#onSwap(event);
    else if (this.#recording.isAtRisk) event.preventDefault(); // beforeunload: the browser asks whether to leave
  }

  get #limit() {
    return Number(this.dataset.limitSeconds);
  }

  #newRecording() {
    const {
      targetReservation: reservation,
      targetProperty: property,
      targetLabel: label,
      targetUrl: url,
    } = this.dataset;
    return new Recording({ target: { reservation, property, label, url } });
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
    this.view.explain(SAYS.unsaved);
  }

  async #record() {
    if (STARTS_ANEW.includes(this.#recording.state)) this.#leaveBehind();
    const recording = this.#recording;
    if (!recording.move("ask")) return;
    this.#show(SAYS.asking);
    const microphone = await this.#open();
    if (!microphone) {
      if (recording.move("refuse")) this.#show(SAYS.refused);
    } else if (recording.move("open")) {
      this.#begin(microphone);
    } else {
      microphone.close(); // cancelled while the browser was asking
    }
  }

  // The note on its way arrives by itself; what was discarded cannot be taken back any more.
  #leaveBehind() {
    const before = this.#recording;
    if (before.state === "discarded") before.session.discard().then(() => before.forget());
    this.#recording = this.#newRecording();
  }

  // Resolves to null, with words on the page, when there is none.
  async #open() {
    const recording = this.#recording;
    this.view.explain("");
    const hint = setTimeout(() => this.view.say(SAYS.stillAsking), HINT_AFTER_MILLISECONDS);
    try {
      return await Microphone.open(this.choice.id);
    } catch (error) {
      if (recording.state === "asking" || recording.state === "reopening") this.view.explain(inWords(error));
      return null;
    } finally {
      clearTimeout(hint);
    }
  }

  #begin(microphone) {
    const recording = this.#recording;
    recording.begin({ type: microphone.type });
    this.status.watch(recording);
    for (const type of ["state", "error", "recovered"]) {
      recording.session.addEventListener(type, () => this.#onState(recording, recording.session));
    }
    this.text.clear();
    this.#timer = setInterval(() => this.#tick(), TICK_MILLISECONDS);
    this.#takeFrom(microphone);
    this.choice.refresh();
  }

  // What one microphone gives is one segment.
  #takeFrom(microphone) {
    const recording = this.#recording;
    const segment = recording.segments++;
    this.#microphone = microphone;
    microphone.addEventListener("chunk", ({ detail }) => this.#onChunk(recording, detail, segment));
    microphone.addEventListener("silenced", () => this.#pause(SAYS.silenced));
    microphone.addEventListener("back", () => this.#onArrival());
    microphone.addEventListener("lost", () => this.#lose(SAYS.lost));
    microphone.addEventListener("failed", () => this.#lose(SAYS.failed));
    document.dispatchEvent(new CustomEvent("roomtone:sound", { detail: this })); // players fall silent
    this.#hear();
    this.#tick();
  }

  #hear() {
    this.#lastSound = this.#lastBytes = this.#recording.seconds;
    this.#show(this.#saysRecording);
  }

  get #saysRecording() {
    return this.#microphone.hasMeter ? SAYS.recording : SAYS.unmeasured;
  }

  #onChunk(recording, chunk, segment) {
    if (recording === this.#recording) this.#lastBytes = recording.seconds;
    recording.add(chunk, segment);
  }

  #tick() {
    const recording = this.#recording;
    const isRunning = recording.state === "recording";
    const { level, isSilent } = this.#microphone.read();
    this.view.showClock({ level: isRunning ? level : 0, seconds: recording.seconds, limit: this.#limit });
    if (!isRunning) return;
    recording.levels.push(Math.round(level * 100));
    this.view.drawLevels(recording.levels);
    this.#warn(isSilent);
    if (recording.seconds >= this.#limit) this.#stop(SAYS.atLimit);
  }

  // Of what is not heard, and of what is heard and not recorded.
  #warn(isSilent) {
    const { seconds } = this.#recording;
    if (!isSilent) this.#lastSound = seconds;
    if (seconds - this.#lastBytes >= NOTHING_SECONDS) this.view.warn(true, SAYS.nothingComes);
    else if (seconds - this.#lastSound >= SILENCE_SECONDS) this.view.warn(true, SAYS.silent);
    else this.view.warn(false, this.#saysRecording);
  }

  #cancel() {
    if (!this.#recording.move("refuse")) return;
    this.#startOver(SAYS.cancelled); // the old one may still be given a microphone
  }

  #pause(words) {
    if (!this.#recording.move("pause")) return;
    this.#microphone.pause();
    this.#recording.keep("recording");
    this.#show(words);
    this.#tick(); // the clock as it stands now
  }

  // What it gave until now is kept; the recording waits for another one, or for Stop.
  #lose(words) {
    const recording = this.#recording;
    recording.move("pause");
    if (recording.state !== "paused") return;
    this.#microphone.isLost = true;
    this.#flushed = this.#microphone.stop();
    this.#show(words);
  }

  #resume() {
    if (!this.#microphone?.isStill(this.choice.id)) return this.#reopen(SAYS.asking);
    if (!this.#recording.move("resume")) return undefined;
    this.#microphone.resume();
    this.#hear();
    return undefined;
  }

  async #reopen(words) {
    const recording = this.#recording;
    if (!recording.move("reopen")) return;
    this.#show(words);
    await this.#microphone.stop();
    await this.#flushed;
    const microphone = await this.#open();
    if (!microphone) {
      if (recording.move("refuse")) this.#show(SAYS.stillLost);
    } else if (recording.move("open")) {
      this.#takeFrom(microphone);
    } else {
      microphone.close(); // stopped while the browser was asking
    }
  }

  #onChoice() {
    if (!this.#recording.move("pause")) return; // taken at the next Record or Resume
    this.#reopen(SAYS.changing);
  }

  #onArrival() {
    if (this.#recording.state === "paused" && !this.#microphone.isStill(this.choice.id)) this.view.say(SAYS.back);
  }

  async #stop(words) {
    const recording = this.#recording;
    if (!recording.move("stop")) return;
    clearInterval(this.#timer);
    await this.#flushed;
    await this.#microphone.stop();
    recording.keep("stopped");
    if (!(await this.#load())) return this.#throwAway();
    recording.session.stop();
    this.#follow();
    this.#show(words);
    return undefined;
  }

  // Into the player. Returns false when nothing was taken.
  async #load() {
    const recording = this.#recording;
    const file = await recording.sound();
    if (file) this.player.load({ file, seconds: recording.seconds, peaks: recording.levels });
    return Boolean(file);
  }

  #throwAway() {
    this.#recording.forget();
    this.#startOver(SAYS.refused);
    this.view.explain(NO_SOUND);
  }

  // The rest of the text, while the person listens and decides.
  #follow() {
    this.#following = new AbortController();
    this.#recording.session.follow(this.#following.signal);
    this.#onState(this.#recording, this.#recording.session);
  }

  #onState(recording, { state, isFailing }) {
    if (recording !== this.#recording) return;
    if (recording.isLive) this.text.showTail(state);
    else if (recording.state === "recorded") this.text.showAll(state, recording.seconds, { isFailing });
  }

  async #save() {
    const recording = this.#recording;
    if (!recording.move("save")) return;
    this.#following.abort();
    this.player.pause();
    this.view.explain("");
    this.#show(SAYS.saving);
    const wait = () => recording.move("wait") && this.#show(SAYS.waiting);
    recording.session.addEventListener("error", wait);
    try {
      this.#onSaved(recording, await recording.session.save());
    } catch (error) {
      this.#onRefused(recording, error);
    } finally {
      recording.session.removeEventListener("error", wait);
    }
  }

  #onSaved(recording, note) {
    recording.move("confirm");
    recording.forget();
    if (recording === this.#recording) this.#startOver(SAYS.saved);
    showNote(note);
  }

  #onRefused(recording, { message }) {
    recording.move("keep");
    if (recording !== this.#recording) {
      recording.release(); // another one is being made here: this one is offered on the next page
      toast({ level: "error", text: message });
      return;
    }
    this.view.explain(message);
    this.#show(SAYS.kept);
  }

  #discard() {
    if (!this.#recording.move("discard")) return;
    this.#following.abort();
    this.player.pause();
    this.#recording.keep("discarded");
    this.#recording.session.discard();
    this.#show(SAYS.discarded);
  }

  #undo() {
    if (!this.#recording.move("undo")) return;
    this.#recording.keep("stopped");
    this.#recording.session.restore();
    this.#recording.session.stop();
    this.#follow();
    this.#show(SAYS.recorded);
  }

  #startOver(words) {
    this.#recording = this.#newRecording();
    this.text.clear();
    this.status.clear();
    this.#show(words);
  }

  #show(words) {
    this.view.show(this.#recording.state, words);
  }
}
customElements.define("voice-recorder", VoiceRecorder);
