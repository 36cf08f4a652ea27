import { equal, test } from "harness";
import { addDays, daysBetween, spanInWords } from "lib/tape-days";

test("adds and subtracts days across months, years and leap days", () => {
  equal(addDays("2027-05-30", 3), "2027-06-02");
  equal(addDays("2028-01-01", -1), "2027-12-31");
  equal(addDays("2028-02-28", 1), "2028-02-29");
});

test("counts days across a change of clocks", () => {
  equal(daysBetween("2027-03-27", "2027-03-29"), 2);
  equal(daysBetween("2027-10-30", "2027-11-01"), 2);
  equal(daysBetween("2027-05-06", "2027-05-03"), -3);
});

test("names the month once when both days are in it", () => {
  equal(spanInWords("2027-05-03", "2027-05-06"), "3 to 6 May");
  equal(spanInWords("2027-04-28", "2027-05-02"), "28 Apr to 2 May");
});
