// The microphone while it is open: its sound goes out in chunks, its level can be read at any time.
// Events: "chunk" (detail: a Blob), "silenced" (another app or the system took it), "back" (and gave it back), "lost"
// (it is gone for good; what comes next needs another one) and "failed" (the browser stopped recording).
import { meterOf } from "lib/level";

// What people say is kept as it is; only the volume is evened out. Noise suppression eats quiet words.
const SOUND = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: true,
  sampleRate: { ideal: 48_000 }, // WebKitGTK gives empty chunks of a microphone whose rate it does not know
};
// Enough for speech, about 360 kB a minute.
const BITS_PER_SECOND = 48_000;
// Safari cuts without a timeslice and gives empty chunks with a short one; Chrome loses all after a pause without one.
const CHUNK_MILLISECONDS = 1000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
// Time after "stop" in which the browser must have handed out the last chunk.
const LAST_CHUNK_MILLISECONDS = 3000;
// WebKit drops up to a second before a pause, and mutes the microphone meanwhile.
const IS_WEBKIT = navigator.vendor.startsWith("Apple");
const GONE = ["OverconstrainedError", "NotFoundError"];
const TRACK_EVENTS = ["mute", "unmute", "ended"];
const SAYS = { mute: "silenced", unmute: "back", ended: "lost", error: "failed" };

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

// What to say at the desk about an error that `Microphone.open` raised.
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

  // Resolves to a microphone that is already being recorded: the one with this id, or when that is gone the browser's
  // own choice. Raises what `inWords` puts into words.
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
    if (event.type === "dataavailable") this.#say("chunk", event.data);
    else if (event.type === "visibilitychange") this.#onSight();
    else this.#onTrouble(SAYS[event.type]);
  }

  // Whether recording can go on with it as if nothing had happened, if `id` is the one requested.
  isStill(id) {
    const isAudible = this.#stream.getTracks().every(({ readyState, muted }) => readyState === "live" && !muted);
    return !this.isLost && isAudible && this.#recorder.state === "paused" && id === this.#requestedId;
  }

  get hasMeter() {
    return !this.#meter.isMissing;
  }

  // Whatever was said is handed out now or soon. What is stopped for that is not `isStill` the same afterwards.
  pause() {
    if (this.#recorder.state !== "recording") return;
    if (IS_WEBKIT) return void this.#recorder.stop();
    this.#recorder.requestData();
    this.#recorder.pause();
  }

  resume() {
    this.#recorder.resume();
  }

  // Resolves when the last chunk is out and the microphone's light is off.
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

  #onTrouble(word) {
    if (word === "lost" || word === "failed") this.isLost = true;
    this.#say(word);
  }

  // A page that is hidden may be frozen or thrown away at any moment: what it has goes out now.
  #onSight() {
    if (document.hidden && this.#recorder.state === "recording") this.#recorder.requestData();
    this.#keepAwake();
  }

  // The system takes the lock away with every switch of the tab, and may refuse it when the battery is low.
  async #keepAwake() {
    if (document.hidden || !navigator.wakeLock) return;
    this.#wakeLock = await navigator.wakeLock.request("screen").catch(() => null);
    if (this.#recorder.state === "inactive") this.#wakeLock?.release();
  }

  #say(type, detail) {
    if (type !== "chunk" || detail.size) this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// What must be there until a note is saved; the rest is done without when it is missing.
function canRecord() {
  return window.MediaRecorder?.isTypeSupported && crypto.subtle && AbortSignal.timeout;
}

async function openStream(id) {
  const open = (audio) => navigator.mediaDevices.getUserMedia({ audio });
  try {
    return await open(id ? { ...SOUND, deviceId: { exact: id } } : SOUND);
  } catch (error) {
    if (!GONE.includes(error.name)) throw error;
    if (id) return openStream("");
    if (error.name === "NotFoundError") throw error;
    return open(true);
  }
}

// Safari says yes to WebM and then gets its duration wrong.
function bestType() {
  const types = IS_WEBKIT ? ["audio/mp4", ...TYPES] : TYPES;
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}

function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
