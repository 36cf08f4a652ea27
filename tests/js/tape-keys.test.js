import { equal, press, test } from "harness";
import { KeyboardInput } from "lib/tape-keys";
import { bar, drawCalendar, row$ as row } from "/tests/calendar.js";

// The chart as the input sees it: it notes what it was asked to do.
function begin() {
  const chart = drawCalendar();
  const calls = [];
  const note = (name) => (placement) => calls.push([name, placement]);
  const methods = ["begin", "change", "drop", "cancel", "menu", "say"];
  Object.assign(chart, Object.fromEntries(methods.map((name) => [name, note(name)])));
  const input = new KeyboardInput(chart);
  const where = ([name, { row: line, arrival, departure } = {}]) => [name, line?.dataset.unit, arrival, departure];
  return { chart, input, calls, last: () => where(calls.at(-1)) };
}

test("Space takes a bar up, arrows move it, Enter puts it down", () => {
  const { last, calls } = begin();
  press(bar("bar-1"), " ");
  press(bar("bar-1"), "ArrowRight");
  press(bar("bar-1"), "ArrowDown");
  press(bar("bar-1"), "Enter");
  equal(last(), ["drop", "102", "2027-05-04", "2027-05-07"]);
  equal(
    calls.map(([name]) => name),
    ["begin", "change", "change", "change", "drop"],
  );
});

test("Shift and arrows move the departure", () => {
  const { last } = begin();
  press(bar("bar-1"), " ");
  press(bar("bar-1"), "ArrowRight", { shiftKey: true });
  equal(last(), ["change", "101", "2027-05-03", "2027-05-07"]);
});

test("a guest who is in the house keeps the arrival", () => {
  const { last } = begin();
  press(bar("bar-2"), " ");
  press(bar("bar-2"), "ArrowRight");
  equal(last(), ["change", "101", "2027-05-10", "2027-05-12"]);
});

test("a bar stays in its property", () => {
  const { last } = begin();
  press(bar("bar-1"), " ");
  for (let time = 0; time < 3; time += 1) press(bar("bar-1"), "ArrowDown");
  equal(last(), ["change", "102", "2027-05-03", "2027-05-06"]);
});

test("a stay that is over is not taken up", () => {
  const { calls } = begin();
  press(bar("bar-3"), " ");
  equal(calls, [["say", "This stay is over and cannot be moved."]]);
});

test("N marks the night after a bar, or tonight where there is none", () => {
  const { last, input } = begin();
  press(bar("bar-1"), "n");
  equal(last(), ["change", "101", "2027-05-06", "2027-05-07"]);
  input.reset();
  bar("bar-1").dataset.arrival = "2027-05-05"; // so that tonight is free
  press(document.querySelector(".tape"), "n");
  equal(last(), ["change", "101", "2027-05-04", "2027-05-05"]);
});

test("N passes over nights that are taken, and says so where none is left", () => {
  const { last, input, chart } = begin();
  bar("bar-1").dataset.departure = "2027-05-10"; // the next stay begins where this one ends
  press(bar("bar-1"), "n");
  equal(last(), ["change", "101", "2027-05-12", "2027-05-13"]);
  input.reset();
  chart.dataset.days = "11";
  press(bar("bar-1"), "n");
  equal(last()[0], "say");
});

test("a marked night may go to another property, but not to the unassigned row", () => {
  const { last } = begin();
  press(bar("bar-1"), "n");
  press(bar("bar-1"), "ArrowUp");
  equal(last()[1], "101");
  for (let time = 0; time < 3; time += 1) press(bar("bar-1"), "ArrowDown");
  equal(last()[1], "201");
});

test("M, the menu key and Shift+F10 open the bar's menu", () => {
  for (const [key, options] of [["m"], ["ContextMenu"], ["F10", { shiftKey: true }]]) {
    const { calls } = begin();
    press(bar("bar-1"), key, options);
    equal(
      calls.map(([name, target]) => [name, target.id]),
      [["menu", "bar-1"]],
    );
  }
});

test("keys with Ctrl, and keys while a change is being sent, are left alone", () => {
  const { chart, calls } = begin();
  equal(press(bar("bar-1"), " ", { ctrlKey: true }).defaultPrevented, false);
  chart.isSending = true;
  equal(press(bar("bar-1"), " ").defaultPrevented, false);
  equal(calls, []);
});

test("Tab cancels what is carried", () => {
  const { calls } = begin();
  press(bar("bar-1"), " ");
  press(row("101"), "Tab");
  equal(calls.at(-1)[0], "cancel");
});
