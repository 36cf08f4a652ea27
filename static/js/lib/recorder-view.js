// The recorder's view: the buttons and the message of a state, and the waveform of the microphone.
import { formatSeconds } from "lib/duration";
import { showProblem } from "lib/notices";
import { drawNewest } from "lib/waveform";

const BARS = { pixelsEach: 8, levelsPerBar: 2 };
// States in which the next recording, or an upload, may begin.
const READY = ["idle", "discarded", "saving", "waiting", "saved"];
// The button that gets the focus in a state.
const FOCUS = {
  idle: "record",
  asking: "cancel",
  recording: "stop",
  paused: "resume",
  reopening: "stop",
  recorded: "save",
  saving: "record",
  waiting: "record",
  saved: "record",
  discarded: "undo",
};
// States in which the key R stops; in the others it records.
const LIVE = ["recording", "paused", "reopening"];

export class RecorderView {
  #recorder;
  #box;
  #says;
  #wave;
  #clock;
  #problem;
  #key;

  constructor(recorder) {
    const find = (selector) => recorder.querySelector(selector);
    this.#recorder = recorder;
    this.#box = find(".recorder");
    this.#says = find("[data-says]");
    this.#wave = find("[data-meter]");
    this.#clock = find("[data-spoken]");
    this.#problem = find("[role=alert]");
    this.#key = recorder.closest(".voice")?.querySelector("[data-key-does]");
  }

  // Shows a state. If the focus was in the recorder or nowhere, the state's button gets it.
  show(state, words) {
    const hadFocus = this.#recorder.contains(document.activeElement) || document.activeElement === document.body;
    this.#box.dataset.state = state;
    this.#box.classList.toggle("is-ready", READY.includes(state));
    this.#box.removeAttribute("data-warning");
    for (const part of this.#recorder.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    }
    if (this.#key) this.#key.textContent = LIVE.includes(state) ? "stop" : "record";
    this.say(words);
    if (hadFocus) this.#box.querySelector(`[data-do=${FOCUS[state]}]`)?.focus();
  }

  say(words) {
    if (this.#says.textContent !== words) this.#says.textContent = words;
  }

  warn(isWarning, words) {
    this.#box.toggleAttribute("data-warning", isWarning);
    this.say(words);
  }

  explain(words) {
    showProblem(this.#problem, words);
  }

  // `level` is 0 to 1, `limit` in seconds.
  showClock({ level, seconds, limit }) {
    this.#box.style.setProperty("--level", level.toFixed(2));
    this.#clock.textContent = `${formatSeconds(seconds)} / ${formatSeconds(limit)}`;
  }

  drawLevels(levels) {
    drawNewest(this.#wave, levels, BARS);
  }
}
