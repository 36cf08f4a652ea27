// What this browser remembers of listening: the speed for good; where each note was left, and what goes on playing on
// the next page, for as long as the tab is open and the same person is signed in.
export const SPEEDS = [1, 1.5, 2];
const SPEED = "playback-speed";
const PERSON = "playback-person";
const POSITIONS = "playback-positions";
const NEXT_PAGE = "playback-next-page";
// A note that was left this close to its start or its end begins anew.
const NEAR_SECONDS = 1;

export function speed() {
  const kept = Number(localStorage.getItem(SPEED));
  return SPEEDS.includes(kept) ? kept : SPEEDS[0];
}

export function keepSpeed(rate) {
  localStorage.setItem(SPEED, rate);
}

// Where to go on in a note, in seconds; 0 for its start.
export function positionOf(note) {
  return positions()[note] ?? 0;
}

export function keepPosition(note, seconds, duration) {
  const { [note]: _, ...kept } = positions();
  if (seconds > NEAR_SECONDS && seconds < duration - NEAR_SECONDS) kept[note] = Math.round(seconds * 10) / 10;
  sessionStorage.setItem(POSITIONS, JSON.stringify(kept));
}

export function leaveForNextPage(sound) {
  sessionStorage.setItem(NEXT_PAGE, JSON.stringify(sound));
}

// Removes it, so that only one page plays it.
export function takeFromLastPage() {
  const left = JSON.parse(sessionStorage.getItem(NEXT_PAGE));
  sessionStorage.removeItem(NEXT_PAGE);
  return left;
}

// Deletes what another person left in this tab.
export function belongTo(person) {
  if (sessionStorage.getItem(PERSON) !== person) forgetListening();
  sessionStorage.setItem(PERSON, person);
}

export function forgetListening() {
  for (const key of [PERSON, POSITIONS, NEXT_PAGE]) sessionStorage.removeItem(key);
}

function positions() {
  return JSON.parse(sessionStorage.getItem(POSITIONS)) ?? {};
}
