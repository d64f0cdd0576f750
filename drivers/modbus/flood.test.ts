import test from "ava";
import type { UptimeMs } from "../../edge/core/time.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { aRequest, FakeLink, inTime, rtuAnswerTo } from "./fake-link.ts";
import { Flood } from "./flood.ts";
import { openModbus } from "./modbus.ts";

const at = (ms: number) => ms as UptimeMs;

test("more than 64 KB within a second, and no answer, is a flood", (t) => {
  const flood = new Flood();
  flood.take(65_536, at(5000));
  t.false(flood.isThere);
  flood.take(1, at(6000));
  t.true(flood.isThere);
});

test("what comes slowly is none, however much it becomes", (t) => {
  const flood = new Flood();
  for (let n = 0; n < 100; n++) flood.take(60_000, at(5000 + 1001 * n));
  t.false(flood.isThere);
});

test("a peer that answers may send as much as it is asked for", (t) => {
  const flood = new Flood();
  for (let n = 0; n < 1000; n++) {
    flood.take(260, at(5000 + n));
    flood.answered(at(5000 + n));
  }
  t.false(flood.isThere);
});

test("a peer that floods is hung up on and heard no more, one that is only chatty is not", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = { kind: "modbus-tcp", framing: "rtu", timeoutMs: 100, graceMs: 200 } as const;
  const session = openModbus(link, clock, bus);
  const noise = new Uint8Array(8192).fill(0x55);
  for (let n = 0; n < 100; n++) {
    link.send(noise);
    await clock.advance(200);
  }
  link.onWrite = (frame) => link.send(rtuAnswerTo(frame));
  const read = session.read(aRequest(), new AbortController().signal);
  t.is((await inTime(clock, read)).kind, "values");
  for (let n = 0; n < 9; n++) link.send(noise);
  t.regex(await session.closed, /does not answer/);
  const { discardedBytes } = session.counters();
  link.send(noise);
  t.is(session.counters().discardedBytes, discardedBytes);
});
