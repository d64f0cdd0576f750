import test from "ava";
import type { ReadOutcome, Session } from "../../drivers/driver.ts";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { UptimeMs } from "../core/time.ts";
import { LineMeter } from "./line-meter.ts";

const NEVER = new AbortController().signal;

/** A metered session on which a read takes 250 ms; unit 9 does not answer. */
function rig(inFlight = 1) {
  const clock = new SimClock();
  const meter = new LineMeter(clock);
  const session = meter.metered({
    inFlight,
    readyAt: 0 as UptimeMs,
    notBefore: () => 0 as UptimeMs,
    closed: new Promise(() => {}),
    close: () => {},
    counters: () => ({}) as ReturnType<Session["counters"]>,
    read: async ({ unit }): Promise<ReadOutcome> => {
      await clock.sleep(250);
      const stamp = { at: clock.now(), uptime: clock.uptime() };
      if (unit === 9) return { kind: "failure", reason: "timeout", ...stamp };
      return { kind: "values", readings: [], ...stamp };
    },
  });
  /** Reads each unit in turn, one a second. */
  const read = async (units: readonly number[]) => {
    for (const unit of units) {
      void session.read(aRequest({ unit }), NEVER);
      await clock.advance(1000);
    }
  };
  return { clock, meter, session, read };
}

const units = (count: number, unit = 1) => Array.from({ length: count }, () => unit);

test("the load is the share of the last minute in which somebody was asked", async (t) => {
  const { clock, meter, read } = rig();
  t.like(meter.use(), { load: 0, requestsPerS: 0, lastFailure: null });
  await read(units(20));
  t.like(meter.use(), { load: 0.25, requestsPerS: 1 });
  await read(units(100));
  t.like(meter.use(), { load: 0.25, requestsPerS: 1 });
  await clock.advance(60_000);
  t.like(meter.use(), { load: 0, requestsPerS: 0 });
});

test("where several are under way at a time each takes its part", async (t) => {
  const { meter, read } = rig(5);
  await read(units(60));
  t.is(meter.use().load.toFixed(3), "0.050");
});

test("failures are counted by why, and the last is told", async (t) => {
  const { clock, meter, read } = rig();
  await read([1, 9, 1, 9, 1]);
  const { failures, lastFailure } = meter.use();
  t.deepEqual(failures, { timeout: 2 });
  t.like(lastFailure, { device: "u9", unit: 9, reason: "timeout" });
  t.is(clock.now() - (lastFailure?.at ?? 0), 1750);
});

test("what a session cannot do, the metered one cannot either", (t) => {
  const { session } = rig();
  t.is(session.write, undefined);
  t.is(session.flush, undefined);
});
