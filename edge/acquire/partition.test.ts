import test from "ava";
import type { ReadRequest } from "../../drivers/driver.ts";
import { busRig, requestOf } from "../../test-rigs/sim/bus-rig.ts";

/** One request for the points `DEVICE.0` to `DEVICE.7` of unit 1, at those addresses. */
function wide(device: string, everyMs = 1000): ReadRequest {
  const one = requestOf(device, 1, everyMs);
  const points = Array.from({ length: 8 }, (_, offset) => {
    const [first] = one.points;
    if (first === undefined) throw new Error("a request has points");
    return { point: { ...first.point, id: `${device}.${offset}`, address: offset }, offset };
  });
  return { ...one, count: 8, points };
}

const goodOf = (rig: ReturnType<typeof busRig>, point: string) =>
  rig.readings.filter((reading) => reading.point === point && reading.quality === "good").length;

test("a request that a device refuses whole is asked in parts, until only the missing one is bad", async (t) => {
  const rig = busRig([wide("a")]);
  rig.missing.add(5);
  await rig.clock.advance(10_500);
  t.is(goodOf(rig, "a.5"), 0);
  for (const offset of [0, 1, 2, 3, 4, 6, 7]) t.is(goodOf(rig, `a.${offset}`), 11, `${offset}`);
  const bad = rig.readings.filter(({ point }) => point === "a.5");
  t.is(bad.length, 11);
  t.true(bad.every(({ quality }) => quality === "bad:exception:2"));
  rig.stop.abort();
});

test("once in parts it is not asked whole again, at the same due times", async (t) => {
  const rig = busRig([wide("a")]);
  rig.missing.add(5);
  await rig.clock.advance(5500);
  const before = rig.asked.length;
  await rig.clock.advance(1000);
  const perPeriod = rig.asked.length - before;
  t.true(perPeriod <= 4, `${perPeriod}`);
  t.is(rig.loop.status().missed, 0);
  rig.stop.abort();
});

test("a device that was silent may be another one: it is asked whole again", async (t) => {
  const rig = busRig([wide("a"), requestOf("b", 2)]);
  rig.missing.add(5);
  await rig.clock.advance(5500);
  rig.dead.add(1);
  await rig.clock.advance(30_000);
  rig.dead.clear();
  rig.missing.clear();
  await rig.clock.advance(40_000);
  const before = rig.asked.filter((unit) => unit === 1).length;
  await rig.clock.advance(10_000);
  t.is(rig.asked.filter((unit) => unit === 1).length - before, 10);
  t.is(rig.readings.findLast(({ point }) => point === "a.5")?.quality, "good");
  rig.stop.abort();
});

test("a line that was gone may lead to another device: it is asked whole again", async (t) => {
  const rig = busRig([wide("a")]);
  rig.missing.add(5);
  await rig.clock.advance(5500);
  rig.missing.clear();
  rig.cut();
  await rig.clock.advance(5000);
  const before = rig.asked.length;
  await rig.clock.advance(10_000);
  t.is(rig.asked.length - before, 10);
  rig.stop.abort();
});

/** How many requests a second go to the line in the next minute. */
async function rateOf(rig: ReturnType<typeof busRig>): Promise<number> {
  const before = rig.asked.length;
  await rig.clock.advance(60_000);
  return (rig.asked.length - before) / 60;
}

test("a device that refuses all while it starts is soon asked as planned again", async (t) => {
  const rig = busRig([wide("a")]);
  await rig.clock.advance(5500);
  for (let address = 0; address < 8; address++) rig.missing.add(address);
  await rig.clock.advance(3000);
  rig.missing.clear();
  await rig.clock.advance(15_000);
  t.is(await rateOf(rig), 1);
  t.is(rig.loop.status().missed, 0);
  t.deepEqual(rig.cuts, []);
  rig.stop.abort();
});

test("a part that was refused for a while is asked as planned again, and no cut is told", async (t) => {
  const rig = busRig([wide("a")]);
  rig.missing.add(5);
  await rig.clock.advance(5500);
  rig.missing.clear();
  await rig.clock.advance(15_000);
  t.is(await rateOf(rig), 1);
  t.deepEqual(rig.cuts, []);
  rig.stop.abort();
});

test("a device that refuses every point is not asked for each of them all the time", async (t) => {
  const rig = busRig([wide("a")]);
  for (let address = 0; address < 8; address++) rig.missing.add(address);
  await rig.clock.advance(600_000);
  t.true((await rateOf(rig)) < 1.5);
  const [first] = rig.readings.filter(({ point }) => point === "a.0");
  t.is(first?.quality, "bad:exception:2");
  t.deepEqual(rig.cuts, []);
  rig.stop.abort();
});

test("a cut that lasts is told, with what lies on both sides of it", async (t) => {
  const rig = busRig([wide("a")]);
  rig.missing.add(5);
  await rig.clock.advance(50_000);
  t.deepEqual(rig.cuts, []);
  await rig.clock.advance(50_000);
  const places = rig.cuts.map(({ address }) => address).toSorted((a, b) => a - b);
  t.deepEqual(places, [4, 5, 6]);
  rig.stop.abort();
});

test("what was planned is tried again ever more rarely", async (t) => {
  const rig = busRig([wide("a")]);
  rig.missing.add(5);
  await rig.clock.advance(3_600_000);
  t.is(goodOf(rig, "a.5"), 0);
  t.true((await rateOf(rig)) <= 4);
  t.is(goodOf(rig, "a.4"), 3660);
  rig.stop.abort();
});

test("where several may be under way, parts are put together only when none is", async (t) => {
  const rig = busRig([wide("a"), wide("b", 100)], { inFlight: 4 });
  for (let turn = 0; turn < 40; turn++) {
    for (const address of [2, 5]) turn % 3 === 0 ? rig.missing.add(address) : rig.missing.clear();
    await rig.clock.advance(3000);
  }
  rig.missing.clear();
  await rig.clock.advance(700_000);
  t.is(await rateOf(rig), 11);
  rig.stop.abort();
});
