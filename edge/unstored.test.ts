import test from "ava";
import type { Event } from "./core/event.ts";
import type { Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { UNWORN } from "./core/wear.ts";
import { Unstored } from "./unstored.ts";

const GROUPS: ReadonlySet<number> = new Set([1000]);
const at = 5 as WallMs;
const reading = (value: number): Reading => {
  return { point: "a.b", value, quality: "good", at, uptime: 5 as UptimeMs };
};
const event = (cause: string): Event => {
  return { kind: "bus", subject: "line", from: "closed", to: "open", cause, at, clock: "synced" };
};
const cutsOf = (configuration: string) => ({ configuration, cuts: [] });

function rig() {
  const shed: string[] = [];
  const unstored = new Unstored(
    () => 1000,
    (kind) => shed.push(kind),
  );
  const values = () => {
    const { readings } = unstored.takeAll(GROUPS, null);
    return readings.flatMap(({ rounds }) => rounds.flatMap(({ values }) => values));
  };
  return { shed, unstored, values };
}

test("events and those who wait are urgent, readings and cuts go with a group commit", (t) => {
  const { unstored } = rig();
  unstored.readings.add([reading(1)], "synced", 0);
  unstored.cuts = cutsOf("a");
  unstored.wear = UNWORN;
  t.false(unstored.isUrgent);
  unstored.waiters.push(() => {});
  t.true(unstored.isUrgent);
  unstored.events.add(event("opened"), null);
  const urgent = unstored.takeUrgent();
  t.is(urgent.told.events.length, 1);
  t.is(urgent.waiters.length, 1);
  t.like(urgent, { cuts: null, readings: [] });
  t.false(unstored.isUrgent);
  t.like(unstored.takeAll(GROUPS, null), {
    cuts: cutsOf("a"),
    wear: UNWORN,
    readings: [{ clock: "synced" }],
  });
});

test("what could not be stored comes before what was told meanwhile, but for newer cuts", (t) => {
  const { unstored, values } = rig();
  const order: number[] = [];
  unstored.readings.add([reading(1)], "synced", 0);
  unstored.cuts = cutsOf("old");
  unstored.waiters.push(() => order.push(1));
  const load = unstored.takeAll(GROUPS, null);
  unstored.readings.add([reading(2)], "synced", 0);
  unstored.cuts = cutsOf("new");
  unstored.waiters.push(() => order.push(2));
  unstored.putBack(load);
  t.is(unstored.cuts.configuration, "new");
  for (const waiter of unstored.waiters) waiter(true);
  t.deepEqual(order, [1, 2]);
  t.deepEqual(values(), [1, 2]);
});

test("what is given up for want of room is told by its kind", (t) => {
  const { unstored, shed } = rig();
  unstored.readings.add(
    Array.from({ length: 200_001 }, (_, n) => reading(n)),
    "synced",
    0,
  );
  t.deepEqual(shed, ["readings"]);
  for (let n = 0; n <= 10_000; n++) unstored.events.add(event("opened"), null);
  t.deepEqual(shed, ["readings", "events"]);
});
