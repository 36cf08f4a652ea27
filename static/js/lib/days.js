// Days as the pages write them, such as 5 Dec 2026, and as dates in ISO format, of which the order is that of the text.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const WRITTEN = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})$/;

export function written(iso) {
  const [, year, month, day] = iso.match(ISO);
  return `${Number(day)} ${MONTHS[month - 1]} ${year}`;
}

// "" for what is typed in another way: only the server reads that.
export function isoDay(text) {
  if (ISO.test(text)) return text;
  const [, day, month, year] = text.match(WRITTEN) ?? [];
  const number = MONTHS.indexOf(month) + 1;
  return number ? `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}` : "";
}
