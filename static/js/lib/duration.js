// Seconds as a recorder counts them: 7.98 is "0:07". The server's `clock` filter writes the same.
export function formatSeconds(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
