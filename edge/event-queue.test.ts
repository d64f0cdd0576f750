import test from "ava";
import { basisOf } from "./core/alarm-memory.ts";
import type { AlarmEvent, GatewayEvent } from "./core/event.ts";
import type { WallMs } from "./core/time.ts";
import { EventQueue } from "./event-queue.ts";

const bus = (cause: string): GatewayEvent => ({
  kind: "bus",
  subject: "line-a",
  from: "closed",
  to: "open",
  cause,
  at: 1 as WallMs,
  clock: "synced",
});
const alarm: AlarmEvent = {
  kind: "alarm",
  alarm: "gas",
  point: "a.b",
  from: "normal",
  to: "unacknowledged",
  severity: "red",
  value: 60,
  unit: null,
  setpoint: 50,
  cause: "high",
  at: 1 as WallMs,
  clock: "synced",
};
const memory = (state: "unacknowledged" | "acknowledged") => ({
  alarm: "gas",
  state,
  since: 1 as WallMs,
  basis: basisOf({ point: "a.b", limit: "high", setpoint: 50, severity: "red" } as never),
});

test("events come out in the order in which they came, with the latest state of each alarm", (t) => {
  const queue = new EventQueue(10, () => {});
  queue.add(alarm, memory("unacknowledged"));
  queue.add(bus("opened"), null);
  queue.add({ ...alarm, to: "acknowledged" }, memory("acknowledged"));
  const { events, alarms } = queue.takeAll();
  t.deepEqual(
    events.map(({ kind }) => kind),
    ["alarm", "bus", "alarm"],
  );
  t.deepEqual(alarms, [memory("acknowledged")]);
  t.is(queue.waiting, 0);
});

test("what comes back goes in front, and does not overwrite a newer state", (t) => {
  const queue = new EventQueue(10, () => {});
  queue.add(alarm, memory("unacknowledged"));
  const taken = queue.takeAll();
  queue.add({ ...alarm, to: "acknowledged" }, memory("acknowledged"));
  queue.putBack(taken);
  const { events, alarms } = queue.takeAll();
  t.is(events[0], alarm);
  t.deepEqual(alarms, [memory("acknowledged")]);
});

test("beyond the maximum the oldest go, alarms' events last, and are counted", (t) => {
  const queue = new EventQueue(2, () => {});
  queue.add(alarm, null);
  queue.add(bus("1"), null);
  queue.add(bus("2"), null);
  queue.add(bus("3"), null);
  t.deepEqual(queue.takeAll().events, [alarm, bus("3")]);
  t.is(queue.refused, 2);
});

test("what is kept of interlocks is the latest, also when an older one is put back", (t) => {
  const queue = new EventQueue(10, () => {});
  const kept = (n: number) => ({ chain: { n, hash: "" }, memories: [] });
  queue.add(bus("one"), null, kept(1));
  queue.add(bus("two"), null);
  const told = queue.takeAll();
  t.is(told.interlocks?.chain.n, 1);
  t.is(queue.takeAll().interlocks, null);
  queue.add(bus("three"), null, kept(2));
  queue.putBack(told);
  t.is(queue.takeAll().interlocks?.chain.n, 2);
  queue.putBack(told);
  t.is(queue.takeAll().interlocks?.chain.n, 1);
});

test("what tells of a loss in the buffer outlives all but alarms' events", (t) => {
  const queue = new EventQueue(2, () => {});
  const loss: GatewayEvent = { ...bus("buffer.full"), kind: "buffer", subject: "buffer" };
  queue.add(loss, null);
  for (let n = 0; n < 5; n++) queue.add(bus(`${n}`), null);
  t.deepEqual(queue.takeAll().events, [loss, bus("4")]);
});
