// Whether the user is scrolling, so that scripts do not scroll; and the behaviour with which scripts scroll.
const SETTLED_MILLISECONDS = 1500;
let moved = -Infinity;

function onMove() {
  moved = performance.now();
}

for (const type of ["wheel", "touchmove"]) addEventListener(type, onMove, { passive: true });

export function isScrolling() {
  return performance.now() - moved < SETTLED_MILLISECONDS;
}

export function behaviour() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
