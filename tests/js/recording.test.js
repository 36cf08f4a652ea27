import { equal, test } from "harness";
import { Recording } from "lib/recording";

function begin() {
  const clock = { milliseconds: 0 };
  return { clock, recording: new Recording({ now: () => clock.milliseconds }) };
}

const move = (recording, verbs) => verbs.split(" ").map((verb) => recording.move(verb));

test("a move that makes no sense now changes nothing", () => {
  const { recording } = begin();
  equal(move(recording, "stop pause ask ask"), [false, false, true, false]);
  equal(recording.state, "asking");
});

test("the clock runs only while sound is taken", () => {
  const { clock, recording } = begin();
  move(recording, "ask");
  clock.milliseconds = 5000; // the browser asks for permission
  move(recording, "open");
  clock.milliseconds += 2500;
  move(recording, "pause");
  clock.milliseconds += 60_000;
  equal(recording.seconds, 2.5);
  move(recording, "resume");
  clock.milliseconds += 1500;
  equal(recording.seconds, 4);
  move(recording, "stop");
  clock.milliseconds += 60_000;
  equal(recording.seconds, 4);
});

test("a microphone that is lost may be opened again or given up", () => {
  const { recording } = begin();
  equal(move(recording, "ask open pause reopen refuse reopen open"), Array(7).fill(true));
  equal(recording.state, "recording");
});

test("leaving is a risk while it records, not once all of it is stored", () => {
  const { recording } = begin();
  const risks = "ask open pause stop".split(" ").map((verb) => recording.move(verb) && recording.isAtRisk);
  equal(risks.map(Boolean), [false, true, true, false]);
  equal(recording.isUnsaved, true);
  recording.copy = { isInMemoryOnly: true };
  equal(recording.isAtRisk, true);
});

test("a discarded recording can be taken back", () => {
  const { recording } = begin();
  move(recording, "ask open stop discard");
  equal(recording.isUnsaved, false);
  equal(recording.move("undo") && recording.state, "recorded");
});

test("a refused save leaves the recording where it was", () => {
  const { recording } = begin();
  move(recording, "ask open stop save wait keep");
  equal(recording.state, "recorded");
  equal(move(recording, "save confirm save"), [true, true, false]);
});

test("a save can be undone while it waits and after it", () => {
  for (const verbs of ["undo", "wait undo", "confirm undo"]) {
    const { recording } = begin();
    move(recording, `ask open stop save ${verbs}`);
    equal(recording.state, "undone");
    equal(move(recording, "confirm keep wait undo"), [false, false, false, false]);
  }
});
