// The recorder: Stop saves what was recorded, unless this browser's user wants to listen first. The recording is stored in
// this browser and sent while somebody speaks. It is kept here until the server has confirmed the note, or somebody
// discards it. A save can be undone until the next recording begins or the page is left.

import { LiveTranscript } from "lib/live-transcript";
import { inWords, Microphone } from "lib/microphone";
import { MicrophoneChoice } from "lib/microphone-choice";
import { removeNote, showNote } from "lib/new-note";
import { NO_SOUND, SAYS, UNDO_WAITS } from "lib/recorder-messages";
import { RecorderSettings } from "lib/recorder-settings";
import { RecorderView } from "lib/recorder-view";
import { Recording } from "lib/recording";
import { isPressed } from "lib/shortcuts";
import { toast } from "lib/toasts";
import { UploadStatus } from "lib/upload-status";

const TICK_MILLISECONDS = 100;
const SILENCE_SECONDS = 2;
const NO_DATA_SECONDS = 5; // after which to warn: the browser should give a chunk each second
const HINT_AFTER_MILLISECONDS = 4000;
const BEFORE_NEXT = ["discarded", "saving", "waiting", "saved"]; // states in which Record begins another recording
// Of a double click, the second click is none of these: it meant the button that was there before.
const NO_DOUBLE_CLICK = ["record", "stop"];

class VoiceRecorder extends HTMLElement {
  #recording;
  #microphone = null;
  #flushed = Promise.resolve(); // resolves after the last chunk of the microphone before
  #timer = null;
  #lastSound = 0; // in seconds of the recording, as #lastBytes
  #lastBytes = 0;
  #following = new AbortController();
  #verbs = {
    record: () => this.#record(),
    cancel: () => this.#cancel(),
    pause: () => this.#pause(SAYS.paused),
    resume: () => this.#resume(),
    stop: () => this.#stop(),
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
    this.settings = new RecorderSettings(this);
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
    this.settings.close();
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
    const isSecondOfTwo = event.detail > 1 && NO_DOUBLE_CLICK.includes(verb);
    if (!isSecondOfTwo) this.#verbs[verb]?.();
  }

  #onKey(event) {
    if (!isPressed(event, "r")) return;
    if (this.#recording.isLive) this.#stop();
    else this.#record();
  }

  #onSwap(event) {
    if (!this.#recording.isUnsaved || !event.detail.shouldSwap || !event.detail.target.contains(this)) return;
    event.preventDefault();
    this.view.explain(SAYS.unsaved);
  }

  async #record() {
    if (BEFORE_NEXT.includes(this.#recording.state)) this.#beginNext();
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

  // A note that waits for the server is saved without further action. What was discarded cannot be restored from now
  // on.
  #beginNext() {
    const previous = this.#recording;
    if (previous.state === "discarded") previous.session.discard().then(() => previous.forget());
    this.#recording = this.#newRecording();
  }

  // Resolves to a Microphone; to null, with a message on the page, when it could not be opened.
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
    this.#recordFrom(microphone);
    this.choice.refresh();
  }

  // Record from this microphone, as a new segment.
  #recordFrom(microphone) {
    const recording = this.#recording;
    const segment = recording.segments++;
    this.#microphone = microphone;
    microphone.addEventListener("chunk", ({ detail }) => this.#onChunk(recording, detail, segment));
    microphone.addEventListener("silenced", () => this.#pause(SAYS.silenced));
    microphone.addEventListener("back", () => this.#onArrival());
    microphone.addEventListener("lost", () => this.#lose(SAYS.lost));
    microphone.addEventListener("failed", () => this.#lose(SAYS.failed));
    document.dispatchEvent(new CustomEvent("roomtone:sound", { detail: this })); // players pause
    this.#showRecording();
    this.#tick();
  }

  #showRecording() {
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

  // Warns of a silent microphone, and of a browser that gives no chunks.
  #warn(isSilent) {
    const { seconds } = this.#recording;
    if (!isSilent) this.#lastSound = seconds;
    if (seconds - this.#lastBytes >= NO_DATA_SECONDS) this.view.warn(true, SAYS.nothingComes);
    else if (seconds - this.#lastSound >= SILENCE_SECONDS) this.view.warn(true, SAYS.silent);
    else this.view.warn(false, this.#saysRecording);
  }

  #cancel() {
    if (!this.#recording.move("refuse")) return;
    this.#startOver(SAYS.cancelled); // its microphone may still be opened after this
  }

  #pause(words) {
    if (!this.#recording.move("pause")) return;
    this.#microphone.pause();
    this.#recording.keep("recording");
    this.#show(words);
    this.#tick(); // shows the clock
  }

  // The microphone is gone. The recording so far is kept, and paused until Resume or Stop.
  #lose(words) {
    const recording = this.#recording;
    recording.move("pause");
    if (recording.state !== "paused") return;
    this.#microphone.isLost = true;
    this.#flushed = this.#microphone.stop();
    this.#show(words);
  }

  #resume() {
    if (!this.#microphone?.canResume(this.choice.id)) return this.#reopen(SAYS.asking);
    if (!this.#recording.move("resume")) return undefined;
    this.#microphone.resume();
    this.#showRecording();
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
      this.#recordFrom(microphone);
    } else {
      microphone.close(); // stopped while the browser was asking
    }
  }

  #onChoice() {
    if (!this.#recording.move("pause")) return; // it is used from the next Record or Resume on
    this.#reopen(SAYS.changing);
  }

  #onArrival() {
    if (this.#recording.state === "paused" && !this.#microphone.canResume(this.choice.id)) this.view.say(SAYS.back);
  }

  // `why` is the reason when nobody has pressed Stop.
  async #stop(why = "") {
    const recording = this.#recording;
    if (!recording.move("stop")) return;
    clearInterval(this.#timer);
    await this.#flushed;
    await this.#microphone.stop();
    recording.keep("stopped");
    if (!(await this.#load())) return this.#dropEmpty();
    if (!this.settings.listensFirst) return this.#save(why);
    recording.session.stop();
    this.#follow();
    this.#show(`${why} ${SAYS.recorded}`.trim());
    return undefined;
  }

  // Load the recording into the player. Resolves to false when there is no sound.
  async #load() {
    const recording = this.#recording;
    const file = await recording.sound();
    if (file) this.player.load({ file, seconds: recording.seconds, peaks: recording.levels });
    return Boolean(file);
  }

  #dropEmpty() {
    this.#recording.forget();
    this.#startOver(SAYS.refused);
    this.view.explain(NO_SOUND);
  }

  // Show the rest of the text while the person listens and decides.
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

  async #save(why = "") {
    const recording = this.#recording;
    if (!recording.move("save")) return;
    this.#following.abort();
    this.player.pause();
    this.view.explain("");
    this.#show(`${why} ${SAYS.saving}`.trim());
    const wait = () => recording.move("wait") && recording === this.#recording && this.#show(SAYS.waiting);
    recording.session.addEventListener("error", wait);
    try {
      this.#onSaved(recording, await recording.session.save(), why);
    } catch (error) {
      this.#onRefused(recording, error);
    } finally {
      recording.session.removeEventListener("error", wait);
    }
  }

  #onSaved(recording, note, why) {
    if (!recording.move("confirm")) return; // undone meanwhile
    recording.forget();
    if (recording === this.#recording) this.#showSaved(why);
    showNote(note);
  }

  #showSaved(why) {
    this.text.clear();
    this.status.clear();
    this.#show(`${why} ${SAYS.saved}`.trim());
  }

  #onRefused(recording, { message }) {
    if (!recording.move("keep")) return; // undone meanwhile
    if (recording !== this.#recording) {
      recording.release(); // another recording is being made here: the next page offers this one
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
    if (this.#recording.state === "discarded") this.#undoDiscard();
    else this.#undoSave();
  }

  // The recording is in this browser again before the note goes: nothing is lost if the page is closed now.
  async #undoSave() {
    const saved = this.#recording;
    const isSent = saved.state === "saved";
    if (!saved.move("undo")) return;
    this.#recording = await saved.again();
    await this.#load();
    this.text.clear();
    this.status.watch(this.#recording);
    this.#show(SAYS.undone);
    if (!isSent) saved.keep("discarded");
    this.#takeBack(saved);
  }

  // The server hides the note and writes no text for it; without a connection that is tried until the page is left.
  async #takeBack(saved) {
    removeNote(saved.key);
    saved.session.addEventListener("error", () => toast({ text: UNDO_WAITS }));
    await saved.session.undo();
    saved.forget();
  }

  #undoDiscard() {
    this.#recording.move("undo");
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
