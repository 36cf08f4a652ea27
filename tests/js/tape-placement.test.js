import { equal, test, truthy } from "harness";
import { isMovable, nameOf, Placement, shifted, withEnd } from "lib/tape-placement";
import { bar, drawCalendar, row$ as row } from "/tests/calendar.js";

const ofFirst = () => {
  drawCalendar();
  return Placement.ofBar(bar("bar-1"));
};

test("a bar begins where it is", () => {
  const placement = ofFirst();
  truthy(placement.isUnchanged);
  truthy(placement.isFree);
  equal(placement.words, "Room 101, 3 to 6 May, 3 nights, free");
});

test("it knows who is in the way", () => {
  const placement = ofFirst().with({ row: row("102") });
  equal(placement.conflict?.id, "bar-3");
  equal(placement.isFree, false);
  equal(placement.words, "Room 102, 3 to 6 May, 3 nights, taken: Cy Young");
});

test("a departure day is free for the next arrival", () => {
  const placement = ofFirst().with({ row: row("102"), arrival: "2027-05-08", departure: "2027-05-09" });
  equal(placement.conflict, null);
  equal(placement.words, "Room 102, 8 to 9 May, 1 night, free");
  equal(placement.with({ arrival: "2027-05-03", departure: "2027-05-05" }).conflict, null); // the other one arrives then
});

test("parts of one stay are not in each other's way", () => {
  const placement = ofFirst().with({ row: row("102") });
  bar("bar-3").dataset.reference = bar("bar-1").dataset.reference;
  equal(placement.conflict, null);
});

test("the row of stays without a room takes everybody", () => {
  const placement = ofFirst().with({ row: row("") });
  truthy(placement.isUnassigned && placement.isFree);
  equal(placement.words, "Without a room, 3 to 6 May, 3 nights");
});

test("a room of another property is not free", () => {
  const placement = ofFirst().with({ row: row("201") });
  equal(placement.isFree, false);
  equal(placement.words, "Room 201, another property");
});

test("an end that is moved leaves at least one night", () => {
  const placement = ofFirst();
  equal(withEnd(placement, "departure", 2).departure, "2027-05-08");
  equal(withEnd(placement, "departure", -5).departure, "2027-05-04");
  equal(withEnd(placement, "arrival", -1).arrival, "2027-05-02");
  equal(withEnd(placement, "arrival", 5).arrival, "2027-05-05");
});

test("a shift keeps the number of nights", () => {
  const { arrival, departure } = shifted(ofFirst(), -3);
  equal([arrival, departure], ["2027-04-30", "2027-05-03"]);
});

test("stays that are over cannot be moved, closures can", () => {
  drawCalendar();
  equal(
    ["bar-1", "bar-2", "bar-3", "bar-4"].map((id) => isMovable(bar(id))),
    [true, true, false, true],
  );
  equal(nameOf(bar("bar-1")), "Ada Byron");
});
