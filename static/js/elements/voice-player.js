// Plays one recording. The sound itself is an ordinary <audio>, which keeps playing when its row is drawn anew:
// htmx carries it over into the new player, so its state is read from it and never kept here.
import { formatSeconds } from "lib/duration";
import { barsThatFit, drawBars, lightBars, resample } from "lib/waveform";

const SPEEDS = [1, 1.5, 2];
const PIXELS_PER_BAR = 5;
// Media events do not bubble, but they can be caught on the way down.
const CAUGHT = ["play", "pause", "timeupdate", "durationchange", "seeking", "ended", "ratechange", "error"];
const UNPLAYABLE = "Cannot be played here";
// Chrome's recordings do not say how long they are; jumping far beyond the end makes the browser find out.
const FAR_BEYOND_SECONDS = 1e7;

class VoicePlayer extends HTMLElement {
  #address = "";
  #peaks = [];
  #seconds = 0; // as claimed by the page, until the sound itself says
  #watcher = new ResizeObserver(() => this.#draw());

  connectedCallback() {
    this.#peaks = (this.dataset.peaks ?? "").split(",").filter(Boolean).map(Number);
    this.#seconds = Number(this.dataset.seconds);
    this.wave = this.querySelector("[data-wave]");
    this.seekBar = this.querySelector("input");
    this.clock = this.querySelector("[data-clock]");
    this.playButton = this.querySelector("[data-do=play]");
    this.speedButton = this.querySelector("[data-do=speed]");
    for (const type of CAUGHT) this.addEventListener(type, this, true);
    this.addEventListener("click", this);
    this.addEventListener("input", this);
    document.addEventListener("roomtone:sound", this);
    this.#watcher.observe(this.wave);
    requestAnimationFrame(() => this.#show()); // by then a sound that was carried over is in its place
  }

  disconnectedCallback() {
    document.removeEventListener("roomtone:sound", this);
    this.#watcher.disconnect();
    URL.revokeObjectURL(this.#address);
  }

  handleEvent(event) {
    if (event.type === "click") this.#press(event.target.closest("[data-do]")?.dataset.do);
    else if (event.type === "input") this.seek(Number(event.target.value));
    else if (event.type === "roomtone:sound") this.#giveWay(event.detail);
    else this.#onMedia(event);
  }

  get #audio() {
    return this.querySelector("audio");
  }

  get #duration() {
    const { duration } = this.#audio;
    return Number.isFinite(duration) && duration < FAR_BEYOND_SECONDS ? duration : this.#seconds;
  }

  // A recording that is only here yet. `peaks` are 0-100, `seconds` is the recorder's own clock.
  load({ file, seconds, peaks }) {
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(file);
    this.#peaks = peaks;
    this.#seconds = seconds;
    this.#audio.addEventListener("loadedmetadata", () => this.#findEnd(), { once: true });
    this.#audio.src = this.#address;
    this.#draw();
  }

  pause() {
    this.#audio.pause();
  }

  seek(seconds) {
    this.#audio.currentTime = Math.min(seconds, this.#duration);
    this.#show();
  }

  playFrom(seconds) {
    this.seek(seconds);
    this.#play();
  }

  #play() {
    this.#audio.play().catch(() => {}); // refused or interrupted: the button still says Play
  }

  #press(verb) {
    const audio = this.#audio;
    if (verb === "speed") audio.playbackRate = SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length];
    else if (verb === "play" && !audio.paused) audio.pause();
    else if (verb === "play") this.#play();
  }

  #giveWay(other) {
    if (other !== this) this.pause();
  }

  #onMedia(event) {
    if (event.type === "play") document.dispatchEvent(new CustomEvent("roomtone:sound", { detail: this }));
    this.#show();
  }

  #findEnd() {
    const audio = this.#audio;
    if (Number.isFinite(audio.duration)) return;
    audio.addEventListener("durationchange", () => (audio.currentTime = 0), { once: true });
    audio.currentTime = FAR_BEYOND_SECONDS;
  }

  #draw() {
    const bars = barsThatFit(this.wave, PIXELS_PER_BAR);
    drawBars(this.wave, resample(this.#peaks, bars));
    this.#show();
  }

  #show() {
    if (!this.#audio) return; // on its way to the next player
    const { currentTime, error, paused, playbackRate } = this.#audio;
    const duration = this.#duration;
    const elapsed = currentTime < FAR_BEYOND_SECONDS ? Math.min(currentTime, duration) : 0;
    const clock = `${formatSeconds(elapsed)} / ${formatSeconds(duration)}`;
    this.toggleAttribute("data-playing", !paused);
    this.playButton.setAttribute("aria-label", paused ? "Play" : "Pause");
    this.playButton.disabled = Boolean(error);
    this.speedButton.textContent = `${playbackRate}×`;
    this.speedButton.setAttribute("aria-label", `Speed ${playbackRate}×`);
    this.clock.textContent = error ? UNPLAYABLE : clock;
    this.seekBar.max = duration;
    this.seekBar.value = elapsed;
    this.seekBar.setAttribute("aria-valuetext", clock.replace("/", "of"));
    lightBars(this.wave, duration ? Math.round((elapsed / duration) * this.wave.children.length) : 0);
  }
}
customElements.define("voice-player", VoicePlayer);
