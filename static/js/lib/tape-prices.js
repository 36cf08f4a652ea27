// What free nights cost, by the rate table on the server. Answers are kept as long as the chart is on the page.
import { addDays, daysBetween } from "lib/tape-days";

const NOTHING = { nights: [], total: "" };
const kept = new WeakMap(); // chart: {address: answer}

// Resolves to such as "€354", or to "" when the server does not say. One night is looked up among all shown ones of its
// row, so that a mouse that moves along the row sends one request.
export async function priceOf(chart, { row, arrival, departure }) {
  const { first, days } = chart.dataset;
  const last = addDays(first, Number(days));
  if (daysBetween(arrival, departure) > 1 || arrival < first || departure > last)
    return (await answer(chart, row, arrival, departure)).total;
  return (await answer(chart, row, first, last)).nights[daysBetween(first, arrival)] ?? "";
}

// Resolves to by how much the bar's stay would get dearer there, such as "+€88.00"; "" for the same price.
export async function differenceOf(chart, { bar, row, arrival, departure }) {
  const { reference, version } = bar.dataset;
  const [, segment = ""] = bar.id.match(/^bar-(\d+)$/) ?? [];
  return (await answer(chart, row, arrival, departure, { reference, segment, version })).difference ?? "";
}

function answer(chart, row, arrival, departure, stay = {}) {
  const answers = kept.get(chart) ?? new Map();
  kept.set(chart, answers);
  const asked = new URLSearchParams({ unit: row.dataset.unit, arrival, departure, ...stay });
  const address = `${chart.dataset.prices}?${asked}`;
  if (!answers.has(address))
    answers.set(
      address,
      fetchPrices(address, () => answers.delete(address)),
    );
  return answers.get(address);
}

async function fetchPrices(address, forget) {
  try {
    const response = await fetch(address);
    if (response.ok && !response.redirected) return await response.json();
  } catch {
    // Without a response there is no price: the chart is of use without it.
  }
  forget();
  return NOTHING;
}
