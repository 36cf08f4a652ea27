// Plays one recording. The sound itself is an ordinary <audio>, which keeps playing when its row is drawn anew:
// htmx carries it over into the new player, so its state is read from it and never kept here.
import { formatSeconds } from "lib/duration";
import { keepPosition, keepSpeed, positionOf, SPEEDS, speed } from "lib/playback";
import { verbOf } from "lib/player-keys";
import { asWave } from "lib/sound-file";
import { barsThatFit, drawBars, lightBars, resample } from "lib/waveform";

const STEP_SECONDS = 5;
const PIXELS_PER_BAR = 5;
// Media events do not bubble, but they can be caught on the way down.
const CAUGHT = ["play", "pause", "timeupdate", "durationchange", "seeking", "ended", "ratechange", "error"];
const UNPLAYABLE = "Cannot be played here";
// The recorder's clock begins and ends a moment beside the sound.
const CLOCKS_APART_SECONDS = 1;
// Chrome's recordings do not say how long they are; jumping far beyond the end makes the browser find out.
const FAR_BEYOND_SECONDS = 1e7;

class VoicePlayer extends HTMLElement {
  #address = "";
  #peaks = [];
  #seconds = 0; // as the page says
  #sought = 0; // where somebody went last
  #isMeantToPlay = false;
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
    this.addEventListener("keydown", this);
    document.addEventListener("roomtone:sound", this);
    document.addEventListener("roomtone:speed", this);
    this.#watcher.observe(this.wave);
    requestAnimationFrame(() => this.#goOn()); // by then a sound that was carried over is in its place
  }

  disconnectedCallback() {
    document.removeEventListener("roomtone:sound", this);
    document.removeEventListener("roomtone:speed", this);
    this.#watcher.disconnect();
    URL.revokeObjectURL(this.#address);
  }

  handleEvent(event) {
    if (event.type === "click") this.press(event.target.closest("[data-do]")?.dataset.do);
    else if (event.type === "input") this.seek(Number(event.target.value));
    else if (event.type === "keydown") this.onKey(event);
    else if (event.type === "roomtone:sound") this.#giveWay(event.detail);
    else if (event.type === "roomtone:speed") this.#followSpeed();
    else this.#onMedia(event);
  }

  get #audio() {
    return this.querySelector("audio");
  }

  // The server has measured what it keeps. Of what is only here the longer is true: browsers know a part, or nothing.
  get #duration() {
    const { duration } = this.#audio;
    const own = Number.isFinite(duration) && duration < FAR_BEYOND_SECONDS ? duration : 0;
    return (this.dataset.note && this.#seconds) || Math.max(own, this.#seconds);
  }

  get isPlaying() {
    return Boolean(this.#audio) && !this.#audio.paused && !this.#audio.ended;
  }

  get hasEnded() {
    return Boolean(this.#audio?.ended);
  }

  get hasBegun() {
    return Boolean(this.#audio) && !this.hasEnded && (this.isPlaying || this.position > 0);
  }

  // In seconds.
  get position() {
    const { currentTime } = this.#audio;
    return currentTime < FAR_BEYOND_SECONDS ? Math.min(currentTime, this.#duration) : 0;
  }

  // What another page needs to go on with it.
  get sound() {
    const { note, label, link } = this.dataset;
    const { position, isPlaying } = this;
    return {
      note,
      label,
      link,
      position,
      isPlaying,
      address: this.#audio.src,
      seconds: this.#duration,
      peaks: this.#peaks,
    };
  }

  // A recording that is only here yet. `peaks` are 0-100, `seconds` is the recorder's own clock.
  load({ file, seconds, peaks }) {
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(file);
    this.#audio.preload = "auto";
    this.#sought = 0;
    this.#isMeantToPlay = false;
    this.#audio.addEventListener("loadedmetadata", () => this.#makeSeekable(file), { once: true });
    this.#open({ address: this.#address, seconds, peaks });
  }

  // The `sound` of a player that is on another page.
  take({ note, label, link, position, isPlaying, ...recording }) {
    Object.assign(this.dataset, { note, label, link });
    if (this.#audio.src !== recording.address) this.#open(recording);
    this.seek(position);
    if (isPlaying) this.play();
  }

  // By the names of the buttons; keys have two more.
  press(verb) {
    if (verb === "play") this[this.isPlaying ? "pause" : "play"]();
    else if (verb === "back") this.seek(this.position - STEP_SECONDS);
    else if (verb === "forward") this.seek(this.position + STEP_SECONDS);
    else if (verb === "speed") this.#changeSpeed(SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length]);
    else if (verb === "slower") this.#changeSpeed(SPEEDS[SPEEDS.indexOf(speed()) - 1]);
    else if (verb === "faster") this.#changeSpeed(SPEEDS[SPEEDS.indexOf(speed()) + 1]);
  }

  // Also of keys that somebody presses in the rest of the note.
  onKey(event) {
    const verb = verbOf(event);
    if (!verb) return;
    event.preventDefault();
    this.press(verb);
  }

  play() {
    this.#isMeantToPlay = true;
    this.#audio.play().catch(() => {}); // refused or interrupted: the button still says Play
  }

  pause() {
    this.#isMeantToPlay = false;
    this.#audio?.pause();
  }

  seek(seconds) {
    this.#sought = Math.max(0, Math.min(seconds, this.#duration));
    this.#audio.currentTime = this.#sought;
    this.#show();
  }

  playFrom(seconds) {
    this.seek(seconds);
    this.play();
  }

  #open({ address, seconds, peaks }) {
    this.#peaks = peaks;
    this.#seconds = seconds;
    this.#audio.src = address;
    this.#followSpeed();
    this.#draw();
  }

  // Where the note was left on an earlier page.
  #goOn() {
    const audio = this.#audio;
    if (!audio) return; // on its way to the next player
    const left = positionOf(this.dataset.note);
    if (left && audio.paused && !audio.currentTime) audio.currentTime = left;
    this.#followSpeed();
  }

  #changeSpeed(rate) {
    if (!rate) return; // there is none slower, or faster
    keepSpeed(rate);
    document.dispatchEvent(new CustomEvent("roomtone:speed"));
  }

  // The default counts whenever a sound is loaded.
  #followSpeed() {
    const audio = this.#audio;
    if (audio) audio.defaultPlaybackRate = audio.playbackRate = speed();
    this.#show();
  }

  #giveWay(other) {
    if (other !== this) this.pause();
  }

  #onMedia(event) {
    if (event.type === "play") document.dispatchEvent(new CustomEvent("roomtone:sound", { detail: this }));
    if (this.dataset.note && (event.type === "timeupdate" || event.type === "ended")) this.#remember();
    this.#show();
  }

  #remember() {
    const audio = this.#audio;
    if (audio) keepPosition(this.dataset.note, audio.ended ? 0 : this.position, this.#duration);
  }

  // Chrome can go anywhere in what it has recorded, once it knows the end. Firefox cannot, and WebKit only in the first
  // of many parts.
  #makeSeekable(file) {
    const { duration, seekable } = this.#audio;
    const isWhole = Number.isFinite(duration) && duration > this.#seconds - CLOCKS_APART_SECONDS;
    if (isWhole) return;
    if (duration === Infinity && seekable.length) this.#findEnd();
    else this.#playDecoded(file);
  }

  async #playDecoded(file) {
    const address = this.#address;
    const wave = await asWave(file);
    if (!wave || address !== this.#address) return; // another one was loaded meanwhile
    const at = Math.max(this.#sought, this.position); // as far as the first part went
    this.#audio.addEventListener("loadedmetadata", () => this.#goOnFrom(at), { once: true });
    this.#address = URL.createObjectURL(wave);
    this.#open({ address: this.#address, seconds: this.#seconds, peaks: this.#peaks });
    URL.revokeObjectURL(address);
  }

  #goOnFrom(seconds) {
    this.seek(seconds);
    if (this.#isMeantToPlay) this.play();
  }

  #findEnd() {
    const audio = this.#audio;
    const goBack = () => {
      audio.currentTime = 0;
    };
    audio.addEventListener("durationchange", goBack, { once: true });
    audio.currentTime = FAR_BEYOND_SECONDS;
  }

  #draw() {
    const bars = barsThatFit(this.wave, PIXELS_PER_BAR);
    drawBars(this.wave, resample(this.#peaks, bars));
    this.#show();
  }

  #show() {
    if (!this.#audio) return; // on its way to the next player
    const { error } = this.#audio;
    const { position, isPlaying } = this;
    const duration = this.#duration;
    const clock = `${formatSeconds(position)} / ${formatSeconds(duration)}`;
    this.toggleAttribute("data-playing", isPlaying);
    this.playButton.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    this.playButton.disabled = Boolean(error);
    this.speedButton.textContent = `${speed()}×`;
    this.speedButton.setAttribute("aria-label", `Speed ${speed()}×`);
    this.clock.textContent = error ? UNPLAYABLE : clock;
    this.seekBar.max = duration;
    this.seekBar.value = position;
    this.seekBar.setAttribute("aria-valuetext", clock.replace("/", "of"));
    lightBars(this.wave, duration ? Math.round((position / duration) * this.wave.children.length) : 0);
  }
}
customElements.define("voice-player", VoicePlayer);
