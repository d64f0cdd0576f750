import test from "ava";
import { FlightRecorder } from "../../drivers/flight-recorder.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { traceOf, wireRecordOf } from "./trace.ts";

test("who asks for what comes from now on is told where that begins", (t) => {
  const recorder = new FlightRecorder();
  recorder.sent(Uint8Array.of(1), 0 as UptimeMs);
  const gateway = { clock: new SimClock(), since: 5 as WallMs };
  t.like(traceOf(recorder, gateway, null), { v: 1, since: 5, next: 1, missed: 0, records: [] });
});

test("records come as plain JSON, bounded, and are the same when they are read back", (t) => {
  const recorder = new FlightRecorder();
  for (let i = 0; i < 300; i++) recorder.sent(Uint8Array.of(1, 0xab), i as UptimeMs);
  recorder.failed("exception:2", 300 as UptimeMs);
  const clock = new SimClock();
  const gateway = { clock, since: clock.now() };
  const first = traceOf(recorder, gateway, 0);
  t.is(first.records.length, 250);
  const second = JSON.parse(JSON.stringify(traceOf(recorder, gateway, first.next))) as typeof first;
  t.is(second.next, 301);
  t.deepEqual(second.records.map(wireRecordOf), recorder.since(250, 100, clock.uptime()).records);
});
