// How loud the microphone is right now.
// Quieter than this is no sound at all: a muted or dead microphone. A silent room is about ten times louder.
const NOTHING_DECIBEL = -80;
// What is shown as 0 and as 1: a silent room, and someone who speaks loudly into the microphone.
const QUIET_DECIBEL = -55;
const LOUD_DECIBEL = -8;
const WINDOW_SAMPLES = 4096;

// Some browsers record a microphone that they cannot measure.
const NO_METER = { isMissing: true, read: () => ({ level: 0, isSilent: false }), close() {} };

// Never fails: without it, the sound is recorded all the same.
export function meterOf(stream) {
  try {
    return new LevelMeter(stream);
  } catch {
    return NO_METER;
  }
}

class LevelMeter {
  #context = new AudioContext();
  #analyser;
  #samples = new Float32Array(WINDOW_SAMPLES);

  constructor(stream) {
    try {
      this.#analyser = new AnalyserNode(this.#context, { fftSize: WINDOW_SAMPLES });
      this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  // `level` is 0 to 1, spread so that syllables can be seen; `isSilent` when the microphone gives nothing.
  read() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / WINDOW_SAMPLES;
    const decibel = 10 * Math.log10(power || 1e-12);
    const ratio = (decibel - QUIET_DECIBEL) / (LOUD_DECIBEL - QUIET_DECIBEL);
    const isSilent = decibel < NOTHING_DECIBEL && this.#context.state === "running";
    return { level: Math.min(1, Math.max(0, ratio)) ** 2, isSilent };
  }

  close() {
    if (this.#context.state !== "closed") this.#context.close();
  }
}
