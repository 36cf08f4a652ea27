// An open microphone: it is recorded in chunks, and its level can be read at any time.
// Events: "chunk" (detail: a Blob), "silenced" (another program or the system has taken it), "back" (and given it
// back), "lost" (it was disconnected, and another one must be opened) and "failed" (the browser stopped recording).
import { meterOf } from "lib/level";

// The sound is not processed, except for automatic gain. Noise suppression removes quiet words.
const SOUND = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: true,
  sampleRate: { ideal: 48_000 }, // WebKitGTK gives empty chunks of a microphone whose rate it does not know
};
// Enough for speech, about 360 kB a minute.
const BITS_PER_SECOND = 48_000;
// Safari loses sound without a timeslice, and gives empty chunks with a short one; Chrome loses all sound after a pause
// without one.
const CHUNK_MILLISECONDS = 1000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
// After "stop", the last chunk is waited for so long.
const LAST_CHUNK_MILLISECONDS = 3000;
// WebKit drops up to a second before a pause, and mutes the microphone meanwhile.
const IS_WEBKIT = navigator.vendor.startsWith("Apple");
const NOT_FOUND = ["OverconstrainedError", "NotFoundError"];
const TRACK_EVENTS = ["mute", "unmute", "ended"];
const EVENTS = { mute: "silenced", unmute: "back", ended: "lost", error: "failed" };

const WORDS = {
  NotAllowedError: "The browser may not use the microphone. Allow it in the address bar, then record again.",
  SecurityError: "The browser may not use the microphone on this page. Upload a file instead.",
  NotFoundError: "There is no microphone. Plug one in, then record again.",
  NotReadableError: "The microphone is busy. Close the other program that uses it, then record again.",
  AbortError: "The microphone could not be started. Unplug it, plug it in again, and record again.",
  Outdated: "This browser is too old to record here. Update it, or upload a file.",
  Missing: "This browser gives no microphone to this page. Open Roomtone by its https address, or upload a file.",
};
const OTHERWISE = "The microphone could not be opened. Try again, or upload a file.";

// The message to the user for an error that `Microphone.open` raised.
export function inWords(error) {
  return WORDS[error.name] ?? OTHERWISE;
}

export class Microphone extends EventTarget {
  isLost = false;
  #requestedId;
  #stream;
  #recorder;
  #meter;
  #stopped; // resolves after the last chunk, also when the browser stops by itself
  #wakeLock = null;

  // Resolves to a microphone that is being recorded: the one with this id, or the browser's default if that is missing.
  // Raises errors for `inWords`.
  static async open(id = "") {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "Missing");
    if (!canRecord()) throw new DOMException("", "Outdated");
    const stream = await openStream(id);
    try {
      const microphone = new Microphone(stream, id);
      microphone.#start();
      return microphone;
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  constructor(stream, requestedId) {
    super();
    this.#requestedId = requestedId;
    this.#stream = stream;
    this.#meter = meterOf(stream);
    this.#recorder = new MediaRecorder(stream, { mimeType: bestType(), audioBitsPerSecond: BITS_PER_SECOND });
    this.#stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve));
    this.#recorder.addEventListener("dataavailable", this);
    this.#recorder.addEventListener("error", this);
    for (const track of stream.getTracks()) for (const type of TRACK_EVENTS) track.addEventListener(type, this);
    document.addEventListener("visibilitychange", this);
  }

  handleEvent(event) {
    if (event.type === "dataavailable") this.#dispatch("chunk", event.data);
    else if (event.type === "visibilitychange") this.#onVisibility();
    else this.#onInterruption(EVENTS[event.type]);
  }

  // Whether `resume` can go on with this microphone, if `id` is the one that is wanted.
  canResume(id) {
    const isAudible = this.#stream.getTracks().every(({ readyState, muted }) => readyState === "live" && !muted);
    return !this.isLost && isAudible && this.#recorder.state === "paused" && id === this.#requestedId;
  }

  get hasMeter() {
    return !this.#meter.isMissing;
  }

  // The sound until now is dispatched as a chunk now or soon. In WebKit recording is stopped for that; then `canResume`
  // is false.
  pause() {
    if (this.#recorder.state !== "recording") return;
    if (IS_WEBKIT) return void this.#recorder.stop();
    this.#recorder.requestData();
    this.#recorder.pause();
  }

  resume() {
    this.#recorder.resume();
  }

  // Resolves when the last chunk was dispatched and the microphone is closed.
  async stop() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    await Promise.race([this.#stopped, after(LAST_CHUNK_MILLISECONDS)]);
    this.close();
  }

  close() {
    document.removeEventListener("visibilitychange", this);
    for (const track of this.#stream.getTracks()) {
      for (const type of TRACK_EVENTS) track.removeEventListener(type, this);
      track.stop();
    }
    this.#meter.close();
    this.#wakeLock?.release();
  }

  get type() {
    return this.#recorder.mimeType;
  }

  read() {
    return this.#meter.read();
  }

  #start() {
    this.#recorder.start(CHUNK_MILLISECONDS);
    this.#keepAwake();
  }

  #onInterruption(type) {
    if (type === "lost" || type === "failed") this.isLost = true;
    this.#dispatch(type);
  }

  // The browser may freeze or discard a hidden page at any moment, so the sound until now is dispatched.
  #onVisibility() {
    if (document.hidden && this.#recorder.state === "recording") this.#recorder.requestData();
    this.#keepAwake();
  }

  // The browser releases the wake lock when the tab is hidden, and may refuse it when the battery is low.
  async #keepAwake() {
    if (document.hidden || !navigator.wakeLock) return;
    this.#wakeLock = await navigator.wakeLock.request("screen").catch(() => null);
    if (this.#recorder.state === "inactive") this.#wakeLock?.release();
  }

  #dispatch(type, detail) {
    if (type !== "chunk" || detail.size) this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// Whether this browser has all that recording and saving needs; other features may be missing.
function canRecord() {
  return window.MediaRecorder?.isTypeSupported && crypto.subtle && AbortSignal.timeout;
}

async function openStream(id) {
  const open = (audio) => navigator.mediaDevices.getUserMedia({ audio });
  try {
    return await open(id ? { ...SOUND, deviceId: { exact: id } } : SOUND);
  } catch (error) {
    if (!NOT_FOUND.includes(error.name)) throw error;
    if (id) return openStream("");
    if (error.name === "NotFoundError") throw error;
    return open(true);
  }
}

// Safari supports WebM and writes a wrong duration.
function bestType() {
  const types = IS_WEBKIT ? ["audio/mp4", ...TYPES] : TYPES;
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}

function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
