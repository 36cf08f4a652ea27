// What this browser remembers of listening: the speed for good; the position of each note, and what the next page goes
// on playing, as long as the tab is open and the same person is signed in.
export const SPEEDS = [1, 1.5, 2];
const SPEED = "playback-speed";
const PERSON = "playback-person";
const POSITIONS = "playback-positions";
const NEXT_PAGE = "playback-next-page";
// For a note that was left so close to its start or end, no position is remembered.
const NEAR_SECONDS = 1;

export function speed() {
  const kept = Number(localStorage.getItem(SPEED));
  return SPEEDS.includes(kept) ? kept : SPEEDS[0];
}

export function keepSpeed(rate) {
  localStorage.setItem(SPEED, rate);
}

// The position at which a note was left, in seconds; 0 is its start.
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

// Whether the page before has left a sound that no page has taken.
export function hasSoundOfLastPage() {
  return sessionStorage.getItem(NEXT_PAGE) !== null;
}

// The sound that the page before has left, or null. It is removed, so that only one page plays it.
export function takeFromLastPage() {
  const left = JSON.parse(sessionStorage.getItem(NEXT_PAGE));
  sessionStorage.removeItem(NEXT_PAGE);
  return left;
}

// Deletes what this tab has stored for another person.
export function setPerson(person) {
  if (sessionStorage.getItem(PERSON) !== person) forgetPerson();
  sessionStorage.setItem(PERSON, person);
}

// All that the tab stores belongs to who is signed in: what was played, and forms that were half typed.
export function forgetPerson() {
  sessionStorage.clear();
}

function positions() {
  return JSON.parse(sessionStorage.getItem(POSITIONS)) ?? {};
}
