import test from "ava";
import { FakeLink } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { settled } from "./settled.ts";

/** A session on a line where answers may come up to 200 ms late. */
function opened() {
  const clock = new SimClock();
  const link = new FakeLink();
  const serial = { baud: 9600 };
  const bus = { kind: "modbus-rtu", serial, timeoutMs: 100, graceMs: 200 } as const;
  const stop = new AbortController();
  return { clock, link, session: openModbus(link, clock, bus), stop };
}

test("a session is given when answers to what was asked before it are over", async (t) => {
  const { clock, session, stop } = opened();
  let at = Number.NaN;
  const given = settled(session, clock, stop.signal).then((same) => {
    at = clock.uptime();
    return same;
  });
  await clock.advance(1000);
  t.is(await given, session);
  t.is(at, 200);
});

test("a session that is not waited for is closed", async (t) => {
  const { clock, link, session, stop } = opened();
  const given = settled(session, clock, stop.signal);
  await clock.advance(100);
  stop.abort(new Error("stopped"));
  await t.throwsAsync(given, { message: "stopped" });
  t.is(await link.closed, "closed");
});
