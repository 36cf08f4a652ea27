// Draws the bars of a waveform into `.wave`: loudness 0-100, as many bars as there is room for.
const MOST_BARS = 96;
const QUIETEST = 6; // percent of the height, so that silence is a line of dots

export function barsThatFit(wave, pixelsEach) {
  return Math.min(MOST_BARS, Math.max(8, Math.floor(wave.clientWidth / pixelsEach)));
}

// `count` heights from any number of levels. Each is the loudest level of its slice, so that short words are seen.
export function resample(levels, count) {
  if (!levels.length) return new Array(count).fill(0);
  return Array.from({ length: count }, (_, bar) => {
    const first = Math.floor((bar * levels.length) / count);
    const past = Math.max(first + 1, Math.floor(((bar + 1) * levels.length) / count));
    return Math.max(...levels.slice(first, past));
  });
}

export function drawBars(wave, heights) {
  while (wave.children.length > heights.length) wave.lastChild.remove();
  while (wave.children.length < heights.length) wave.append(document.createElement("i"));
  for (const [bar, height] of heights.entries()) {
    wave.children[bar].style.setProperty("--h", Math.max(QUIETEST, Math.round(height)));
  }
}

// The first `count` bars are lit: played, or recorded.
export function lightBars(wave, count) {
  for (let bar = 0; bar < wave.children.length; bar += 1) wave.children[bar].classList.toggle("on", bar < count);
}

// Draws the newest levels, `levelsPerBar` in each bar. Bars fill from the left; when all are used they move to the
// left.
export function drawNewest(wave, levels, { pixelsEach, levelsPerBar }) {
  const room = barsThatFit(wave, pixelsEach);
  const filled = Math.ceil(levels.length / levelsPerBar);
  const shown = Math.min(filled, room);
  const heights = shown ? resample(levels.slice((filled - shown) * levelsPerBar), shown) : [];
  drawBars(wave, [...heights, ...new Array(room - shown).fill(0)]);
  lightBars(wave, shown);
}
