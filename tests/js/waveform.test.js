import { draw, equal, test } from "harness";
import { barsThatFit, drawBars, drawNewest, lightBars, resample } from "lib/waveform";

const heights = (wave) => [...wave.children].map((bar) => Number(bar.style.getPropertyValue("--h")));

test("the loudest level of each slice is kept", () => {
  equal(resample([1, 9, 2, 3], 2), [9, 3]);
  equal(resample([5], 3), [5, 5, 5]);
  equal(resample([], 2), [0, 0]);
});

test("there are 8 to 96 bars, as many as fit", () => {
  const wide = (pixels) => ({ clientWidth: pixels });
  equal(
    [10, 400, 5000].map((pixels) => barsThatFit(wide(pixels), 8)),
    [8, 50, 96],
  );
});

test("silence is drawn as dots, and bars that are too many are taken away", () => {
  const wave = draw("<div></div>");
  drawBars(wave, [0, 50, 99.6]);
  equal(heights(wave), [6, 50, 100]);
  drawBars(wave, [10]);
  equal(heights(wave), [10]);
});

test("the first bars are lit", () => {
  const wave = draw("<div><i></i><i class=on></i></div>");
  lightBars(wave, 1);
  equal(
    [...wave.children].map(({ className }) => className),
    ["on", ""],
  );
});

test("new levels fill the bars from the left, then move along", () => {
  const wave = draw("<div style='inline-size: 64px'></div>"); // eight bars
  drawNewest(wave, [20, 40, 60, 10], { pixelsEach: 8, levelsPerBar: 2 });
  equal(heights(wave), [40, 60, 6, 6, 6, 6, 6, 6]);
  drawNewest(
    wave,
    Array.from({ length: 20 }, (_, index) => index * 5),
    { pixelsEach: 8, levelsPerBar: 2 },
  );
  equal(heights(wave), [25, 35, 45, 55, 65, 75, 85, 95]);
});
