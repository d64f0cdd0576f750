import test, { type ExecutionContext } from "ava";
import { tempDir } from "../../processes/child.ts";
import type { GatewayFault } from "../simulated/fleet-gateway.ts";
import { FleetRig, type FleetSettings, fourRings, NEW, OLD } from "../simulated/fleet-rig.ts";
import type { Plan } from "./plan.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A fleet whose rollout has begun, with canaries of each kind of board. */
async function begun(t: ExecutionContext, settings: FleetSettings = {}, over: Partial<Plan> = {}) {
  const rig = new FleetRig(tempDir("fleet"), settings);
  t.teardown(() => rig.close());
  rig.open();
  await rig.clock.advance(MINUTE_MS);
  t.is(await rig.start(fourRings(rig.canaries(), over)), "done");
  return rig;
}

test("a sound release reaches the whole fleet, ring after ring, and every gateway once", async (t) => {
  const rig = await begun(t);
  t.true(await rig.until(() => rig.rollout().state === "done", 24));
  t.deepEqual(rig.lies(), []);
  t.true(rig.gateways.every(({ running, installs }) => running === NEW && installs === 1));
  const turns = rig.audited().filter(({ what }) => what === "ring");
  t.deepEqual(
    turns.map(({ detail }) => detail),
    ["2", "3", "4"],
  );
});

/** What can go wrong on one kind of board, which is a tenth of the fleet, and why it is stopped. */
const FAULTS: Readonly<Partial<Record<GatewayFault, string>>> = {
  dies: "command.failed",
  "dies-quietly": "unproved",
  "falls-silent": "dark",
  ignores: "unproved",
  claims: "unproved",
  steals: "unproved",
  "never-commits": "unproved",
  lapses: "lapsed",
  replays: "lapsed",
};

for (const [fault, why] of Object.entries(FAULTS)) {
  test(`of 300 gateways, a tenth of which ${fault}, at most 9 are touched`, async (t) => {
    const faultOf = (_: number, kind: string) =>
      kind === "rev-c" ? (fault as GatewayFault) : "none";
    const rig = await begun(t, { faultOf });
    t.true(await rig.until(() => rig.rollout().state === "stopped", 24));
    const { ring, tasks, reason } = rig.rollout();
    t.is(ring, 0, "the first ring");
    t.true(rig.touched.length <= 9, `${rig.touched.length} were touched`);
    const failed = [...tasks.values()].filter(({ state }) => state === "failed");
    t.true(reason === why || failed.some((task) => task.reason === why), `${reason}`);
    await rig.clock.advance(3 * HOUR_MS);
    t.deepEqual(rig.lies(), [], "the version table is the gateways' own truth");
    t.true(rig.touched.length <= 9, "nobody is touched after the stop");
  });
}

test("whatever befalls messages, the broker and the centre, each gateway is updated once", async (t) => {
  const rig = await begun(t, { size: 120, seed: 7 });
  rig.broker.faults = { twice: 0.3, carryMs: 2_000 };
  for (let round = 0; round < 40 && rig.rollout().state === "running"; round++) {
    const sent = rig.orders.size;
    for (let i = 0; i < 33 && rig.orders.size === sent; i++) await rig.clock.advance(20_000);
    rig.kill();
    if (round % 3 === 0) {
      rig.broker.goAway(round % 2 === 0);
      await rig.clock.advance(4 * MINUTE_MS);
      rig.broker.comeBack();
    }
    await rig.clock.advance(round * 20_000);
    rig.open();
  }
  t.true(await rig.until(() => rig.rollout().state === "done", 24));
  t.deepEqual(rig.lies(), []);
  t.true(rig.gateways.every(({ running, installs }) => running === NEW && installs === 1));
  t.true(
    [...rig.orders.values()].some((times) => times > 1),
    "some orders were sent twice",
  );
});

test("a bad release is stopped as early when centre and broker die amid it", async (t) => {
  const faultOf = (_: number, kind: string) => (kind === "rev-c" ? "dies-quietly" : "none");
  const rig = await begun(t, { faultOf, seed: 3 });
  rig.broker.faults = { twice: 0.3, carryMs: 2_000 };
  for (let round = 0; round < 20 && rig.rollout().state === "running"; round++) {
    await rig.clock.advance(5 * MINUTE_MS);
    rig.kill();
    await rig.clock.advance(2 * MINUTE_MS);
    rig.open();
  }
  t.is(rig.rollout().state, "stopped");
  t.is(rig.rollout().ring, 0);
  t.true(rig.touched.length <= 9);
  await rig.clock.advance(HOUR_MS);
  t.deepEqual(rig.lies(), []);
});

test("gateways whose clock is wrong are left alone and told of, and the others go on", async (t) => {
  const wrong = (i: number) => (i % 40 === 7 ? (i % 80 === 7 ? null : 3 * HOUR_MS) : 0);
  const rig = await begun(t, { size: 150, clockOffOf: wrong }, { canaries: [] });
  t.true(await rig.until(() => rig.rollout().ring === 3, 24));
  await rig.clock.advance(2 * HOUR_MS);
  t.deepEqual(rig.lies(), []);
  const left = rig.gateways.filter(({ running }) => running === OLD).map(({ name }) => name);
  t.is(left.length, 4);
  const { tasks } = rig.rollout();
  const reasons = left.map((name) => tasks.get(name)?.reason);
  t.deepEqual(new Set(reasons), new Set(["command.clock", "command.expired"]));
  t.true(left.every((name) => tasks.get(name)?.state === "cancelled"));
});

test("who is away is ordered when he comes, and has his whole time from then on", async (t) => {
  const away = (i: number) => (i % 30 === 5 ? [{ from: 30_000, to: 12 * HOUR_MS }] : []);
  const rig = await begun(t, { size: 150, absencesOf: away });
  await rig.until(() => rig.clock.uptime() > 11 * HOUR_MS, 48);
  t.is(rig.rollout().state, "running", "it waits for them");
  t.is(rig.touched.length, 145);
  t.true(await rig.until(() => rig.rollout().state === "done", 8));
  t.deepEqual(rig.lies(), []);
  t.is(rig.touched.length, 150);
  t.true([...rig.rollout().tasks.values()].every(({ state }) => state === "proved"));
});

test("orders come only within the maintenance windows of their gateways", async (t) => {
  // From 22:00 to 04:00 local time, which is 14:00 to 20:00 UTC; the simulation begins at midnight.
  const night = { fromMinute: 22 * 60, toMinute: 4 * 60, offsetMinutes: 480 };
  const rig = await begun(t, { size: 40, maintenanceOf: () => night }, { canaries: ["gw-0001"] });
  await rig.clock.advance(13 * HOUR_MS);
  t.is(rig.orders.size, 0);
  t.true(await rig.until(() => rig.rollout().state === "done", 72));
  const orders = rig.audited().filter(({ what }) => what === "ordered" || what === "sent again");
  t.true(orders.length >= 40);
  for (const { at } of orders) {
    const hour = new Date(at).getUTCHours();
    t.true(hour >= 14 && hour < 20, `ordered at ${hour} UTC`);
  }
});

test("a pause orders nobody until it ends, and an abort is for good", async (t) => {
  const rig = await begun(t, { size: 150 });
  const id = "0.2.0-first";
  await rig.clock.advance(10 * MINUTE_MS);
  t.is(await rig.wish({ kind: "pause", rollout: id }), "done");
  const { size } = rig.orders;
  await rig.clock.advance(4 * HOUR_MS);
  t.is(rig.orders.size, size);
  t.is(await rig.wish({ kind: "resume", rollout: id }), "done");
  t.true(await rig.until(() => rig.rollout().ring === 2 && rig.orders.size > 20, 24));
  t.is(await rig.wish({ kind: "abort", rollout: id }), "done");
  const touched = rig.orders.size;
  await rig.clock.advance(3 * HOUR_MS);
  t.is(rig.orders.size, touched);
  t.is(await rig.wish({ kind: "resume", rollout: id }), "over");
  t.is(await rig.wish({ kind: "pause", rollout: id }), "over");
  await rig.clock.advance(3 * HOUR_MS);
  t.is(rig.orders.size, touched);
  t.is(rig.rollout().state, "aborted");
  t.deepEqual(rig.lies(), [], "what had begun by then ended");
});

test("an abort takes back what was ordered and has not begun", async (t) => {
  const rig = await begun(t, { size: 150 });
  const id = "0.2.0-first";
  const inFlight = () => [...rig.rollout().tasks.values()].filter(({ state }) => state === "taken");
  for (let i = 0; i < 60 && inFlight().length === 0; i++) await rig.clock.advance(5_000);
  t.true(inFlight().length > 0);
  t.is(rig.touched.length, 0);
  await rig.wish({ kind: "abort", rollout: id });
  await rig.clock.advance(HOUR_MS);
  t.is(rig.touched.length, 0);
  const states = [...rig.rollout().tasks.values()].map(({ state, reason }) => `${state} ${reason}`);
  t.deepEqual(new Set(states), new Set(["cancelled update.taken-back"]));
  t.deepEqual(rig.lies(), []);
});

test("no rollout has the name of another, and no two run for the same gateways", async (t) => {
  const rig = await begun(t, { size: 20 });
  t.is(await rig.start(fourRings([])), "taken");
  t.is(await rig.start(fourRings([], { id: "second" })), "busy 0.2.0-first");
  t.is(await rig.start(fourRings([], { id: "second", channel: "beta" })), "done");
  t.is(await rig.wish({ kind: "abort", rollout: "third" }), "unknown");
});
