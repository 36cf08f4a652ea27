// Plays one recording in an <audio> element, which keeps playing when its row is replaced: htmx moves it into the new
// player. So the state is always read from that element, and not stored here.
import { formatSeconds } from "lib/duration";
import { keepPosition, keepSpeed, positionOf, SPEEDS, speed } from "lib/playback";
import { verbOf } from "lib/player-keys";
import { asWave } from "lib/sound-file";
import { barsThatFit, drawBars, lightBars, resample } from "lib/waveform";

const STEP_SECONDS = 5;
const PIXELS_PER_BAR = 5;
// Media events do not bubble, so they are caught in the capture phase.
const CAUGHT = ["play", "pause", "timeupdate", "durationchange", "seeking", "ended", "ratechange", "error"];
const UNPLAYABLE = "Cannot be played here";
// The length by the recorder's clock may differ so much from that of the sound.
const CLOCKS_APART_SECONDS = 1;
// Chrome's recordings have no duration in the header; seeking far beyond the end makes the browser find it out.
const FAR_BEYOND_SECONDS = 1e7;

class VoicePlayer extends HTMLElement {
  #address = "";
  #peaks = [];
  #seconds = 0; // the length by the page
  #sought = 0; // the last position that somebody chose, in seconds
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
    requestAnimationFrame(() => this.#restorePosition()); // by then htmx has moved an <audio> that is kept
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

  // In seconds. The server has measured notes. For a recording that is only here, the longer of the recorder's clock
  // and the browser's duration is right: some browsers know the length of a part only, or none.
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

  // What the next page needs to continue playing.
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

  // Loads a recording that is not on the server. `peaks` are 0-100, `seconds` is by the recorder's clock.
  load({ file, seconds, peaks }) {
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(file);
    this.#audio.preload = "auto";
    this.#sought = 0;
    this.#isMeantToPlay = false;
    this.#audio.addEventListener("loadedmetadata", () => this.#makeSeekable(file), { once: true });
    this.#open({ address: this.#address, seconds, peaks });
  }

  // Continues the `sound` of a player on the page before.
  take({ note, label, link, position, isPlaying, ...recording }) {
    Object.assign(this.dataset, { note, label, link });
    if (this.#audio.src !== recording.address) this.#open(recording);
    this.seek(position);
    if (isPlaying) this.play();
  }

  // `verb` is the name of a button; keys have "slower" and "faster" as well.
  press(verb) {
    if (verb === "play") this[this.isPlaying ? "pause" : "play"]();
    else if (verb === "back") this.seek(this.position - STEP_SECONDS);
    else if (verb === "forward") this.seek(this.position + STEP_SECONDS);
    else if (verb === "speed") this.#changeSpeed(SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length]);
    else if (verb === "slower") this.#changeSpeed(SPEEDS[SPEEDS.indexOf(speed()) - 1]);
    else if (verb === "faster") this.#changeSpeed(SPEEDS[SPEEDS.indexOf(speed()) + 1]);
  }

  // Also called with keys that are pressed in the rest of the note.
  onKey(event) {
    const verb = verbOf(event);
    if (!verb) return;
    event.preventDefault();
    this.press(verb);
  }

  play() {
    this.#isMeantToPlay = true;
    this.#audio.play().catch(() => {}); // refused or interrupted: the button stays Play
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

  // Sets the position at which the note was left on an earlier page.
  #restorePosition() {
    const audio = this.#audio;
    if (!audio) return; // htmx is moving it to the next player
    const left = positionOf(this.dataset.note);
    if (left && audio.paused && !audio.currentTime) audio.currentTime = left;
    this.#followSpeed();
  }

  #changeSpeed(rate) {
    if (!rate) return; // there is no slower or faster speed
    keepSpeed(rate);
    document.dispatchEvent(new CustomEvent("roomtone:speed"));
  }

  // The default rate is used when another file is loaded.
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

  // Chrome can seek in its own recordings once it knows the duration. Firefox cannot, and WebKit only in the first of
  // many fragments; there a decoded copy is played.
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
    if (!wave || address !== this.#address) return; // another recording was loaded meanwhile
    const at = Math.max(this.#sought, this.position); // the position in the first fragment
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
    if (!this.#audio) return; // htmx is moving it to the next player
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
