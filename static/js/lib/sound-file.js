// Makes one sound file of the chunks of a recording. All chunks of a segment, in order, are one file. Several segments
// are decoded, and written one after the other into a WAV file.
const HERTZ = 16_000; // enough for speech
const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const DECODE_MILLISECONDS = 20_000; // for the longest note on a slow machine

export async function soundOf(chunks) {
  const files = filesOf(chunks);
  return files.length === 1 ? files[0] : joined(await Promise.all(files.map(decoded)));
}

// The same sound as a file that every browser can seek in; null when this one cannot decode it.
export async function asWave(file) {
  const samples = await decoded(file);
  return samples.length ? joined([samples]) : null;
}

function filesOf(chunks) {
  const segments = new Map(chunks.map(({ segment }) => [segment, []]));
  for (const chunk of chunks) segments.get(chunk.segment).push(chunk);
  return [...segments.values()].map((part) => {
    return new Blob(
      part.map(({ blob }) => blob),
      { type: part[0].blob.type },
    );
  });
}

// Resolves to samples; to none when the file cannot be decoded. For a truncated file WebKit may never answer.
async function decoded(file) {
  try {
    const context = new OfflineAudioContext(1, 1, HERTZ);
    const sound = await Promise.race([
      context.decodeAudioData(await file.arrayBuffer()),
      rejectAfter(DECODE_MILLISECONDS),
    ]);
    return sound.getChannelData(0);
  } catch {
    return new Float32Array(0);
  }
}

function rejectAfter(milliseconds) {
  return new Promise((_, reject) => setTimeout(reject, milliseconds));
}

function joined(parts) {
  const count = parts.reduce((sum, { length }) => sum + length, 0);
  const samples = new Int16Array(count);
  let at = 0;
  for (const part of parts) for (const sample of part) samples[at++] = Math.max(-1, Math.min(1, sample)) * 0x7fff;
  return new Blob([waveHeader(count * SAMPLE_BYTES), samples], { type: "audio/wav" });
}

// The header of a WAV file with 16-bit samples in one channel; `bytes` is the size of the samples.
function waveHeader(bytes) {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const write = (at, text) => {
    for (const [place, letter] of [...text].entries()) view.setUint8(at + place, letter.charCodeAt(0));
  };
  write(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, HERTZ, true);
  view.setUint32(28, HERTZ * SAMPLE_BYTES, true);
  view.setUint16(32, SAMPLE_BYTES, true);
  view.setUint16(34, 8 * SAMPLE_BYTES, true);
  write(36, "data");
  view.setUint32(40, bytes, true);
  return view.buffer;
}
