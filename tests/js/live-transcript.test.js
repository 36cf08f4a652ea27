import { draw, equal, test } from "harness";
import { LiveTranscript } from "lib/live-transcript";

function begin() {
  const box = draw("<div><p data-text-lead></p><p data-text></p><p data-news></p></div>");
  const shown = () => [...box.children].map(({ textContent }) => textContent);
  return { transcript: new LiveTranscript(box), shown };
}

test("while one speaks the end of the text is shown, from the beginning of a word", () => {
  const { transcript, shown } = begin();
  transcript.showTail({ text: "Two cots please." });
  equal(shown(), ["So far:", "“Two cots please.”", ""]);
  transcript.showTail({ text: "word ".repeat(40) });
  equal(shown()[1], `“…${" word".repeat(27)} ”`);
});

test("nothing is announced before all of it is there", () => {
  const { transcript, shown } = begin();
  transcript.showAll({ text: "", transcribed_seconds: 0, is_transcribed: false }, 61);
  equal(shown(), ["Writing it down…", "", ""]);
  transcript.showAll({ text: "Two cots", transcribed_seconds: 12.5, is_transcribed: false }, 61);
  equal(shown(), ["Written down so far: 0:12 of 1:01", "“Two cots”", ""]);
  transcript.showAll({ text: "Two cots please.", transcribed_seconds: 61, is_transcribed: true }, 61);
  equal(shown(), ["", "“Two cots please.”", "Written down: Two cots please."]);
});

test("no progress is claimed while the server cannot be reached", () => {
  const { transcript, shown } = begin();
  transcript.showAll({ text: "", transcribed_seconds: 3, is_transcribed: false }, 61, { isFailing: true });
  equal(shown(), ["", "", ""]);
});

test("silence is said, and cleared", () => {
  const { transcript, shown } = begin();
  transcript.showAll({ text: "", transcribed_seconds: 5, is_transcribed: true }, 5);
  equal(shown(), ["No words were found in it.", "", "No words were found in it."]);
  transcript.clear();
  equal(shown(), ["", "", ""]);
});
