// Measures the level of the microphone.
// Below this the microphone is muted or dead; a silent room is about ten times louder.
const NOTHING_DECIBEL = -80;
// The levels that are shown as 0 and as 1: a silent room, and somebody who speaks loudly into the microphone.
const QUIET_DECIBEL = -55;
const LOUD_DECIBEL = -8;
const WINDOW_SAMPLES = 4096;

// Used in browsers that can record a microphone and not measure it.
const NO_METER = { isMissing: true, read: () => ({ level: 0, isSilent: false }), close() {} };

// Never raises: recording works without a meter.
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

  // `level` is 0 to 1, on a curve that shows syllables; `isSilent` is true when the microphone gives no sound.
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
