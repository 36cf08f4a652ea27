// The text of a recording while it comes, and how far it is. A screen reader hears it once, when all of it is there.
import { formatSeconds } from "lib/duration";

const SAYS = {
  soFar: "So far:",
  waiting: "Writing it down…",
  nothing: "No words were found in it.",
};
// As much of the end as fits beside the microphone while one speaks.
const TAIL_LETTERS = 140;

export class LiveTranscript {
  #lead;
  #text;
  #news;

  constructor(recorder) {
    this.#lead = recorder.querySelector("[data-text-lead]");
    this.#text = recorder.querySelector("[data-text]");
    this.#news = recorder.querySelector("[data-news]");
  }

  clear() {
    this.#write("", "");
    this.#news.textContent = "";
  }

  // While one speaks: the newest words.
  showTail({ text }) {
    this.#write(
      text && SAYS.soFar,
      text.length > TAIL_LETTERS ? `…${text.slice(-TAIL_LETTERS).replace(/^\S*/, "")}` : text,
    );
  }

  // After that: all there is, of `seconds` in all. Nothing is being written while the server cannot be reached.
  showAll(
    { text, transcribed_seconds: transcribed, is_transcribed: isTranscribed },
    seconds,
    { isFailing = false } = {},
  ) {
    if (!isTranscribed && isFailing) return this.#write(text && SAYS.soFar, text);
    if (!isTranscribed) return this.#write(transcribed ? progress(transcribed, seconds) : SAYS.waiting, text);
    this.#write(text ? "" : SAYS.nothing, text);
    const news = text ? `Written down: ${text}` : SAYS.nothing;
    if (this.#news.textContent !== news) this.#news.textContent = news;
    return undefined;
  }

  #write(lead, text) {
    this.#lead.textContent = lead;
    this.#text.textContent = text && `“${text}”`;
  }
}

function progress(transcribed, seconds) {
  return `Written down so far: ${formatSeconds(Math.min(transcribed, seconds))} of ${formatSeconds(seconds)}`;
}
