import "elements/tape-card";
import "elements/tape-chart";
import "elements/tape-grid";
import "elements/tape-live";
import "lib/htmx-bridge";
import { draw, equal, press, settle, test } from "harness";
import { sent } from "/tests/requests.js";

const bar = (id, { arrival = "2027-05-03", departure = "2027-05-06", status = "confirmed" } = {}) =>
  `<a class="bar" id="${id}" href="/stay/" aria-label="Ada Byron, 3 nights" data-arrival="${arrival}" data-departure="${departure}"
    data-status="${status}" data-reference="RT-7K3QX" data-version="4" style="--from: 5; --to: 11">Ada</a>`;
const row = (unit, bars = "", attributes = "") =>
  `<div class="tape-row" id="row-${unit}" data-unit="${unit}" data-property="1" data-name="${unit}" ${attributes}><div
    class="tape-unit">${unit}</div><div class="tape-track">${bars}</div></div>`;
const swapped = (unit, bars = "") => row(unit, bars, 'hx-swap-oob="true"');
const said = [];
document.addEventListener("roomtone:toast", ({ detail }) => said.push(detail.text));

function begin() {
  sent.length = 0;
  said.length = 0;
  return draw(`<tape-chart data-first="2027-05-01" data-days="14" data-shown="days=14" data-cursor="7" data-drop="/drop/" data-prices="/prices/" data-undo="/undo/0/">
    <tape-grid class="tape" tabindex="0">${row("101", bar("bar-1"))}${row("102")}</tape-grid>
    <tape-live data-url="/changes/"></tape-live><tape-card hx-sync="this:replace" data-url="/calendar/"></tape-card>
    <div data-answer></div><div data-unassign hidden></div><p data-say></p><div popover="manual" data-menu><p data-where></p></div>
  </tape-chart>`);
}

const byId = (id) => document.getElementById(id);

// Takes the bar up and puts it down a row below.
async function moveDown() {
  byId("bar-1").focus();
  for (const key of [" ", "ArrowDown", "Enter"]) press(document.activeElement, key);
  await settle();
}

test("a change is sent as htmx sends a form, and its rows are swapped", async () => {
  const chart = begin();
  await moveDown();
  const [request] = sent;
  equal([request.method, request.url.pathname, request.headers["HX-Request"]], ["POST", "/drop/", "true"]);
  equal(Object.fromEntries(request.body), {
    reference: "RT-7K3QX",
    closure: "",
    version: "4",
    segment: "1",
    unit: "102",
    arrival: "2027-05-03",
    departure: "2027-05-06",
    bar: "bar-1",
    chart: "1",
    shown: "days=14",
  });
  const messages = JSON.stringify({ toast: [{ level: "success", text: "Moved." }] });
  request.answer(200, swapped("101") + swapped("102", bar("bar-1")), { "HX-Trigger": messages });
  await settle();
  equal(byId("bar-1").closest(".tape-row").id, "row-102");
  equal([byId("bar-1") === document.activeElement, said], [true, ["Moved."]]);
  equal(chart.querySelector("[data-say]").textContent, "Ada Byron: Room 102, 3 to 6 May, 3 nights.");
  equal(["busy" in chart.dataset, byId("row-101").hasAttribute("hx-swap-oob")], [false, false]);
});

test("a refusal brings the rows as they are and a dialog", async () => {
  const chart = begin();
  await moveDown();
  sent[0].answer(409, `${swapped("101", bar("bar-1", { status: "held" }))}<tape-dialog>Taken.</tape-dialog>`);
  await settle();
  equal(chart.querySelector("[data-answer]").textContent, "Taken.");
  equal([byId("bar-1").dataset.status, byId("bar-1").closest(".tape-row").id], ["held", "row-101"]);
  equal(chart.querySelector("[data-say]").textContent, "Ada Byron is back where it was.");
});

test("without a connection the bar stays, and one message says so", async () => {
  const chart = begin();
  await moveDown();
  sent[0].fail();
  await settle();
  equal(
    said.map((text) => text.split(".")[0]),
    ["No connection to the server"],
  );
  equal(["busy" in chart.dataset, chart.isSending, byId("bar-1").closest(".tape-row").id], [false, false, "row-101"]);
});

test("the server's own words for an error are the only ones", async () => {
  begin();
  await moveDown();
  sent[0].answer(503, "", { "HX-Trigger": JSON.stringify({ toast: [{ level: "error", text: "Busy." }] }) });
  await settle();
  equal(said, ["Busy."]);
});

test("changes are sent one after the other, and none is left out", async () => {
  const chart = begin();
  for (const name of ["a", "b", "c"]) {
    chart.insertAdjacentHTML("beforeend", `<form method="post" action="/${name}/"><button>Go</button></form>`);
    chart.lastElementChild.requestSubmit();
  }
  for (const name of ["a", "b", "c"]) {
    await settle();
    equal(sent.at(-1).url.pathname, `/${name}/`);
    sent.at(-1).answer(200);
  }
});

test("a row that is drawn as it is now is left alone, and rows of other pages are ignored", async () => {
  const chart = begin();
  const before = byId("row-102");
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  sent[0].answer(200, swapped("101", bar("bar-8")) + swapped("102") + swapped("999"), { "X-Cursor": "8" });
  await settle();
  equal([byId("bar-8")?.closest(".tape-row").id, chart.dataset.cursor], ["row-101", "8"]);
  equal(byId("row-102") === before, true);
  equal([byId("row-999"), said], [null, []]);
});

test("when the focused bar is gone its row keeps the keyboard", async () => {
  begin();
  await moveDown();
  sent[0].answer(200, swapped("101", bar("bar-8")));
  await settle();
  equal(document.activeElement.id, "bar-8");
});

test("a poll brings rows and the next cursor", async () => {
  const chart = begin();
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  equal(sent[0].url.search, "?since=7&shown=days%3D14");
  equal("HX-Request" in sent[0].headers, false); // it must not take messages that wait for another tab's page
  sent[0].answer(200, swapped("102", bar("bar-9")), { "X-Cursor": "8" });
  await settle();
  equal([byId("bar-9").closest(".tape-row").id, chart.dataset.cursor], ["row-102", "8"]);
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  sent[1].answer(204, "", { "X-Cursor": "9" });
  equal(chart.dataset.cursor, "9");
});

test("a poll that is answered during a gesture counts for nothing", async () => {
  const chart = begin();
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  chart.dataset.busy = "";
  sent[0].answer(200, swapped("101"), { "X-Cursor": "8" });
  await settle();
  equal([chart.dataset.cursor, byId("bar-1")?.id], ["7", "bar-1"]);
});

test("the third poll in a row that fails is shown, without messages", async () => {
  const live = begin().querySelector("tape-live");
  for (let time = 0; time < 3; time += 1) {
    equal(live.textContent, "");
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    time ? sent.at(-1).answer(500) : sent.at(-1).fail();
    await settle();
  }
  equal([live.textContent.split(".")[0], said], ["No connection to the server", []]);
});

test("a card is fetched and shown beside its bar; the newest request counts", async () => {
  const chart = begin();
  byId("row-102").querySelector(".tape-track").innerHTML = bar("bar-2");
  chart.card.show(byId("bar-1"));
  chart.card.show(byId("bar-2"));
  await settle();
  equal(
    sent.map(({ url }) => url.pathname),
    ["/calendar/card/RT-7K3QX/", "/calendar/card/RT-7K3QX/"],
  );
  sent[1].answer(200, "<p>Card</p>");
  await settle();
  equal([chart.card.textContent, chart.card.matches(":popover-open"), said], ["Card", true, []]);
  chart.card.hide();
  equal(chart.card.matches(":popover-open"), false);
});

test("a card is requested as a page, and a sign-in page is not shown in its place", async () => {
  const chart = begin();
  chart.card.show(byId("bar-1"));
  await settle();
  equal("HX-Request" in sent[0].headers, false); // it must not take messages that wait for another tab's page
  sent[0].responseURL = new URL("/accounts/login/?next=/calendar/", location).href;
  sent[0].answer(200, "<h1>Sign in</h1>");
  await settle();
  equal([chart.card.textContent, chart.card.matches(":popover-open"), said], ["", false, []]);
});

test("a card that does not come is no news", async () => {
  const chart = begin();
  chart.card.show(byId("bar-1"));
  await settle();
  sent[0].answer(404);
  await settle();
  equal([chart.card.matches(":popover-open"), said], [false, []]);
});
