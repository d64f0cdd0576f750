import test from "ava";
import { after } from "../../edge/core/time.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { aRequest, FakeLink, inTime, rtuAnswer, rtuAnswerTo } from "./fake-link.ts";
import { openModbus } from "./modbus.ts";

const NEVER = new AbortController().signal;

test("a unit that somebody else asks on and on keeps nobody else waiting", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = {
    kind: "modbus-rtu",
    serial: { baud: 11_000 },
    timeoutMs: 100,
    graceMs: 200,
  } as const;
  const session = openModbus(link, clock, bus);
  link.onWrite = (frame) => clock.at(clock.uptime() + 20, () => link.send(rtuAnswerTo(frame)));
  const foreign = rtuAnswer(1, [7, 7]);
  const overhear = (): void => {
    link.send(foreign);
    clock.at(clock.uptime() + 100, overhear);
  };
  // The first of its frames has begun, and holds nobody back before it is whole.
  link.send(foreign.subarray(0, 4));
  clock.at(2, () => link.send(foreign.subarray(4)));
  clock.at(90, overhear);
  const held = session.read(aRequest({ unit: 1 }), NEVER);
  const other = await inTime(clock, session.read(aRequest({ unit: 2 }), NEVER), 1000);
  t.is(other.kind, "values");
  t.like(await held, { kind: "failure", reason: "malformed" });
  t.deepEqual(
    link.written.map(([unit]) => unit),
    [2],
  );
});

test("who waits for copies of an answer keeps nobody waiting once the unit is held back as well", async (t) => {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = { kind: "modbus-tcp", framing: "rtu", timeoutMs: 2000, graceMs: 4000 } as const;
  const session = openModbus(link, clock, bus);
  link.onWrite = (frame) => clock.at(clock.uptime() + 20, () => link.send(rtuAnswerTo(frame)));
  link.send(rtuAnswer(1, [7, 7]));
  await clock.advance(4000);
  const { uptime } = await inTime(clock, session.read(aRequest({ unit: 1 }), NEVER));
  const held = session.read(aRequest({ unit: 1 }), NEVER);
  const other = session.read(aRequest({ unit: 2 }), NEVER);
  await clock.advance(1000);
  link.send(rtuAnswer(1, [7, 7]));
  t.like(await inTime(clock, held), { kind: "failure", reason: "malformed" });
  t.is((await inTime(clock, other)).uptime, after(uptime, 1020));
});
