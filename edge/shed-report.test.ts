import test from "ava";
import type { WallMs } from "./core/time.ts";
import { ShedReport } from "./shed-report.ts";

const at = (ms: number) => ms as WallMs;

test("where nothing was given up there is nothing to tell", (t) => {
  t.is(new ShedReport().take(), null);
});

test("what was given up is counted by kind, with the times between which it lay", (t) => {
  const shed = new ShedReport();
  shed.note("readings", at(20));
  shed.note("readings", at(30));
  shed.note("events", at(10));
  t.deepEqual(shed.take(), { refusedReadings: 2, refusedEvents: 1, fromAt: 10, toAt: 30 });
});

test("what was told once is not told again", (t) => {
  const shed = new ShedReport();
  shed.note("readings", at(20));
  shed.take();
  t.is(shed.take(), null);
  shed.note("readings", at(50));
  t.deepEqual(shed.take(), { refusedReadings: 1, refusedEvents: 0, fromAt: 50, toAt: 50 });
});
