import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { FlightRecorders, type Trace, wireRecordOf } from "./trace.ts";

const SINCE = 5 as WallMs;

test("who asks for what comes from now on is told where that begins", (t) => {
  const recorders = new FlightRecorders(new SimClock(), SINCE);
  recorders.of("line-a").sent(Uint8Array.of(1), 0 as UptimeMs);
  const expected = { v: 1, since: SINCE, next: 1, missed: 0, records: [] } as const;
  t.like(recorders.trace("line-a", null), expected);
});

test("each bus has a recorder of its own, and a bus without one is told as unknown", (t) => {
  const recorders = new FlightRecorders(new SimClock(), SINCE);
  recorders.of("line-a").sent(Uint8Array.of(1), 0 as UptimeMs);
  t.is(recorders.of("line-a"), recorders.of("line-a"));
  t.is(recorders.of("line-b").next, 0);
  t.is(recorders.trace("line-c", 0), null);
});

test("records come as plain JSON, bounded, and are the same when they are read back", (t) => {
  const clock = new SimClock();
  const recorders = new FlightRecorders(clock, SINCE);
  const recorder = recorders.of("line-a");
  for (let i = 0; i < 300; i++) recorder.sent(Uint8Array.of(1, 0xab), i as UptimeMs);
  recorder.failed("exception:2", 300 as UptimeMs);
  const first = recorders.trace("line-a", 0) as Trace;
  t.is(first.records.length, 250);
  const second = JSON.parse(JSON.stringify(recorders.trace("line-a", first.next))) as Trace;
  t.is(second.next, 301);
  t.deepEqual(second.records.map(wireRecordOf), recorder.since(250, 100, clock.uptime()).records);
});
