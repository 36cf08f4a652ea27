// The microphone while it is open: its sound goes out in chunks, its level can be read at any time.
// Events: "chunk" (detail: a Blob), "silenced" (another app or the system took it), "lost" (it is gone for good).
import { LevelMeter } from "lib/level";

// What people say is kept as it is; only the volume is evened out. Noise suppression eats quiet words.
const SOUND = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };
// Enough for speech, about 360 kB a minute.
const BITS_PER_SECOND = 48_000;
// Safari cuts without a timeslice and gives empty chunks with a short one; Chrome loses all after a pause without one.
const CHUNK_MILLISECONDS = 1000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
// Time after "stop" in which the browser must have handed out the last chunk.
const LAST_CHUNK_MILLISECONDS = 3000;

const WORDS = {
  NotAllowedError: "The browser may not use the microphone. Allow it in the address bar, then record again.",
  SecurityError: "The browser may not use the microphone on this page. Upload a file instead.",
  NotFoundError: "There is no microphone. Plug one in, then record again.",
  NotReadableError: "The microphone is busy. Close the other program that uses it, then record again.",
  AbortError: "The microphone could not be started. Unplug it, plug it in again, and record again.",
  Missing: "This browser gives no microphone to this page. Open Roomtone by its https address, or upload a file.",
};
const OTHERWISE = "The microphone could not be opened. Try again, or upload a file.";

// What to say at the desk about an error that `Microphone.open` raised.
export function inWords(error) {
  return WORDS[error.name] ?? OTHERWISE;
}

export class Microphone extends EventTarget {
  #stream;
  #recorder;
  #meter;
  #stopped; // resolves after the last chunk, also when the browser stops by itself
  #wakeLock = null;

  // Resolves to a microphone that is already being recorded. Raises what `inWords` puts into words.
  static async open() {
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new DOMException("", "Missing");
    const stream = await openStream();
    try {
      const microphone = new Microphone(stream);
      microphone.#start();
      return microphone;
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  constructor(stream) {
    super();
    this.#stream = stream;
    this.#meter = new LevelMeter(stream);
    this.#recorder = new MediaRecorder(stream, { mimeType: bestType(), audioBitsPerSecond: BITS_PER_SECOND });
    this.#stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve));
    this.#recorder.addEventListener("dataavailable", this);
    this.#recorder.addEventListener("error", this);
    for (const track of stream.getTracks()) {
      track.addEventListener("mute", this);
      track.addEventListener("ended", this);
    }
    document.addEventListener("visibilitychange", this);
  }

  handleEvent(event) {
    if (event.type === "dataavailable") this.#say("chunk", event.data);
    else if (event.type === "mute") this.#say("silenced");
    else if (event.type === "visibilitychange") this.#keepAwake();
    else this.#say("lost");
  }

  pause() {
    if (this.#recorder.state !== "recording") return;
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
      track.removeEventListener("ended", this);
      track.removeEventListener("mute", this);
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

async function openStream() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: SOUND });
  } catch (error) {
    if (error.name !== "OverconstrainedError") throw error;
    return navigator.mediaDevices.getUserMedia({ audio: true });
  }
}

// Safari says yes to WebM and then gets its duration wrong.
function bestType() {
  const types = navigator.vendor.startsWith("Apple") ? ["audio/mp4", ...TYPES] : TYPES;
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}

function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
