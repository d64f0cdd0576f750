import test from "ava";
import { busRig, requestOf } from "../../test-rigs/sim/bus-rig.ts";

test("a silent device that comes back with noise does not take the line from the others", async (t) => {
  for (const reason of ["crc", "malformed"] as const) {
    const rig = busRig([requestOf("a", 1), requestOf("b", 2)], { watched: ["b.x"] });
    await rig.clock.advance(5000);
    rig.dead.add(1);
    await rig.clock.advance(10_000);
    rig.dead.clear();
    rig.failing.set(1, reason);
    const before = { b: rig.of("b").length, a: rig.asked.filter((unit) => unit === 1).length };
    await rig.clock.advance(60_000);
    t.true(rig.of("b").length - before.b >= 59, `${reason}: ${rig.of("b").length - before.b}`);
    t.true(rig.asked.filter((unit) => unit === 1).length - before.a < 10);
    rig.failing.clear();
    await rig.clock.advance(31_000);
    t.deepEqual(rig.told, ["bus open", "a silent", "a answering"]);
    rig.stop.abort();
  }
});

test("noise alone makes no device silent: its readings say what came", async (t) => {
  const rig = busRig([requestOf("a", 1), requestOf("b", 2)]);
  rig.failing.set(1, "crc");
  await rig.clock.advance(30_000);
  t.deepEqual(rig.told, ["bus open"]);
  t.true(rig.of("a").every(({ quality }) => quality === "bad:crc"));
  rig.stop.abort();
});

test("a device of which a gateway says that it does not answer is silent, the line is not", async (t) => {
  for (const reason of ["exception:10", "exception:11"] as const) {
    const rig = busRig([requestOf("a", 1, 100), requestOf("b", 2, 100)]);
    rig.failing.set(1, reason);
    await rig.clock.advance(60_000);
    t.true(rig.asked.filter((unit) => unit === 1).length < 30, reason);
    t.deepEqual(rig.told, ["bus open", "a silent"]);
    t.true(rig.of("a").every(({ quality }) => quality === `bad:${reason}`));
    rig.failing.clear();
    await rig.clock.advance(31_000);
    t.is(rig.told.at(-1), "a answering");
    rig.stop.abort();
  }
});

test("where a gateway answers for every device, its connection is left open", async (t) => {
  const rig = busRig([requestOf("a", 1), requestOf("b", 2)]);
  rig.failing.set(1, "exception:11").set(2, "exception:11");
  await rig.clock.advance(120_000);
  t.is(rig.opened(), 1);
  t.deepEqual(rig.told, ["bus open", "a silent", "b silent"]);
  rig.stop.abort();
});

test("beside thirty dead devices one that alarms watch is read again as soon as it is back", async (t) => {
  const dead = Array.from({ length: 30 }, (_, n) => requestOf(`d${n}`, n + 3));
  const requests = [requestOf("a", 1), requestOf("b", 2), ...dead];
  const { clock, of, ...rig } = busRig(requests, { watched: ["a.x"] });
  for (const { unit } of dead) rig.dead.add(unit);
  await clock.advance(300_000);
  for (let turn = 0; turn < 10; turn++) {
    rig.dead.add(1);
    await clock.advance(5000);
    rig.dead.delete(1);
    const backAt = clock.uptime();
    await clock.advance(60_000 + 7000 * turn);
    const good = of("a").find(({ uptime, quality }) => uptime > backAt && quality === "good");
    t.true(
      good !== undefined && good.uptime - backAt <= 8000,
      `${turn}: ${good?.uptime} ${backAt}`,
    );
  }
  rig.stop.abort();
});

test("on a line with too little time a watched point that lost an answer is read before the others", async (t) => {
  const requests = Array.from({ length: 30 }, (_, n) => requestOf(`d${n}`, n + 1, 100));
  const { clock, asked, of, dead, stop } = busRig(requests, { watched: ["d0.x"] });
  await clock.advance(60_000);
  const from = asked.length;
  dead.add(1);
  while (!asked.slice(from).includes(1)) await clock.advance(1);
  dead.clear();
  const lostAt = clock.uptime();
  await clock.advance(10_000);
  const next = of("d0").find(({ uptime, quality }) => uptime > lostAt && quality === "good");
  t.true(next !== undefined && next.uptime - lostAt <= 1000, `${next?.uptime} ${lostAt}`);
  stop.abort();
});

test("what is due on a closed line, or of silent units, is told all at once", async (t) => {
  const requests = Array.from({ length: 300 }, (_, n) => requestOf(`d${n}`, 1 + (n % 100), 60_000));
  const rig = busRig([...requests, requestOf("well", 200)]);
  rig.refuse(true);
  await rig.clock.advance(100);
  t.deepEqual(rig.batches, [301]);
  rig.refuse(false);
  for (let unit = 1; unit <= 100; unit++) rig.dead.add(unit);
  await rig.clock.advance(1_200_000);
  t.is(rig.loop.status().silent.length, 300);
  const from = rig.batches.length;
  await rig.clock.advance(60_000);
  t.true(rig.batches.slice(from).includes(300));
  rig.stop.abort();
});
