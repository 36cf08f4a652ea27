import { equal, test } from "harness";
import * as playback from "lib/playback";

function clear() {
  localStorage.clear();
  sessionStorage.clear();
}

test("the speed is kept; one that is none of ours is normal speed", () => {
  clear();
  equal(playback.speed(), 1);
  playback.keepSpeed(1.5);
  equal(playback.speed(), 1.5);
  localStorage.setItem("playback-speed", "9");
  equal(playback.speed(), 1);
});

test("a position is kept to a tenth of a second, and dropped near the start and the end", () => {
  clear();
  playback.keepPosition("a", 5.04, 60);
  playback.keepPosition("b", 0.9, 60);
  playback.keepPosition("c", 59.5, 60);
  equal(["a", "b", "c"].map(playback.positionOf), [5, 0, 0]);
  playback.keepPosition("a", 59.5, 60);
  equal(playback.positionOf("a"), 0);
});

test("the next page takes what was playing once", () => {
  clear();
  playback.leaveForNextPage({ note: "a", position: 3 });
  equal(playback.takeFromLastPage(), { note: "a", position: 3 });
  equal(playback.takeFromLastPage(), null);
});

test("another person finds nothing of the one before", () => {
  clear();
  playback.setPerson("lena");
  playback.keepPosition("a", 5, 60);
  playback.setPerson("lena");
  equal(playback.positionOf("a"), 5);
  playback.setPerson("omar");
  equal(playback.positionOf("a"), 0);
});
