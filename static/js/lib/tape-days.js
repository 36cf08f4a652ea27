// Arithmetic of local dates such as 2026-11-20, which compare as text. Time zones do not matter.
const DAY_MS = 24 * 60 * 60 * 1000;
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

export function addDays(date, days) {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

// Such as "3 to 6 May" or "28 Apr to 2 May".
export function spanInWords(arrival, departure) {
  const [from, to] = [DAY.format(new Date(arrival)), DAY.format(new Date(departure))];
  const [day, month] = from.split(" ");
  return `${to.endsWith(month) ? day : from} to ${to}`;
}
