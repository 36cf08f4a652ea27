import { equal, test } from "harness";
import { asWave, soundOf } from "lib/sound-file";

// A tone as a WAV file: 8,000 samples a second, 16 bits, one channel.
function tone(seconds) {
  const samples = Int16Array.from({ length: 8000 * seconds }, (_, at) => 8000 * Math.sin(at / 4));
  const header = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => new Uint8Array(header.buffer).set(new TextEncoder().encode(letters), at);
  text(0, "RIFF");
  header.setUint32(4, 36 + samples.byteLength, true);
  text(8, "WAVEfmt ");
  for (const [at, value] of [
    [16, 16],
    [24, 8000],
    [28, 16_000],
    [40, samples.byteLength],
  ])
    header.setUint32(at, value, true);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ])
    header.setUint16(at, value, true);
  text(36, "data");
  return new Blob([header, samples], { type: "audio/wav" });
}

const chunk = (blob, segment) => ({ blob, segment });

// Seconds of a WAV file of ours, from its header.
async function secondsOf(file) {
  const header = new DataView(await file.slice(0, 44).arrayBuffer());
  return header.getUint32(40, true) / header.getUint32(28, true);
}

test("the chunks of one segment are one file as they are", async () => {
  const file = await soundOf([chunk(new Blob(["ab"], { type: "audio/webm" }), 0), chunk(new Blob(["c"]), 0)]);
  equal([await file.text(), file.type], ["abc", "audio/webm"]);
});

test("segments are decoded and written one after the other", async () => {
  const file = await soundOf([chunk(tone(1), 0), chunk(tone(2), 1)]);
  equal([file.type, await secondsOf(file)], ["audio/wav", 3]);
});

test("a segment that cannot be decoded is left out", async () => {
  const file = await soundOf([chunk(tone(1), 0), chunk(new Blob(["noise"]), 1)]);
  equal(await secondsOf(file), 1);
});

test("a file that no browser decodes has no wave", async () => {
  equal(await asWave(new Blob(["noise"])), null);
  equal(await secondsOf(await asWave(tone(1))), 1);
});
