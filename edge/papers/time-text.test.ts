import test from "ava";
import { timeIn } from "./time-text.ts";

test("a moment is told by the clocks of its zone, summer time too", (t) => {
  t.is(timeIn(Date.UTC(2026, 10, 28, 2, 4, 43, 999), "Asia/Shanghai"), "2026-11-28 10:04:43");
  t.is(timeIn(Date.UTC(2026, 6, 1, 22, 30), "Europe/Berlin"), "2026-07-02 00:30:00");
});
