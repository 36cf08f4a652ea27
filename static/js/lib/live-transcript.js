// Shows the text of a recording while it is transcribed, and how far that is. A screen reader announces the whole text.
import { formatSeconds } from "lib/duration";

const SAYS = {
  soFar: "So far:",
  waiting: "Writing it down…",
  nothing: "No words were found in it.",
};
// Letters of the end that are shown while somebody speaks.
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

  // While somebody speaks: shows the newest words.
  showTail({ text }) {
    this.#write(
      text && SAYS.soFar,
      text.length > TAIL_LETTERS ? `…${text.slice(-TAIL_LETTERS).replace(/^\S*/, "")}` : text,
    );
  }

  // After that: shows the whole text so far. `seconds` is the length of the recording. With `isFailing` the server
  // cannot be reached, so no progress is shown.
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
