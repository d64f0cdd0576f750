import test from "ava";
import { ANSWER_MS, busRig, requestOf, TIMEOUT_MS } from "../../test-rigs/sim/bus-rig.ts";
import { healthOf } from "../core/progress.ts";
import { after, type UptimeMs } from "../core/time.ts";

test("every point is read on its grid, without drift", async (t) => {
  const { clock, of, stop } = busRig([requestOf("a", 1), requestOf("b", 2, 5000)]);
  await clock.advance(20_500);
  const times = of("a").map(({ uptime }) => uptime);
  t.is(times.length, 21);
  t.true(times.every((at) => at % 1000 <= 2 * ANSWER_MS + 2));
  t.is(of("b").length, 5);
  stop.abort();
});

test("a start is not an outage: the first reading is a good one", async (t) => {
  const { clock, readings, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(100);
  t.deepEqual(
    readings.map(({ quality }) => quality),
    ["good"],
  );
  stop.abort();
});

test("a device that does not answer gives a bad reading at every due time, never its last value", async (t) => {
  const { clock, dead, of, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  dead.add(1);
  await clock.advance(30_000);
  const since = of("a").slice(2);
  t.true(since.length >= 29);
  t.true(since.every(({ value, quality }) => value === null && quality === "bad:timeout"));
  stop.abort();
});

test("a device that does not answer is told once and asked ever more rarely", async (t) => {
  const { clock, dead, told, asked, stop, loop } = busRig([requestOf("a", 1), requestOf("b", 2)]);
  dead.add(1);
  await clock.advance(120_000);
  t.deepEqual(told, ["bus open", "a silent"]);
  t.deepEqual(loop.status().silent, ["a"]);
  t.true(asked.filter((unit) => unit === 1).length < 12);
  dead.clear();
  await clock.advance(31_000);
  t.is(told.at(-1), "a answering");
  t.deepEqual(loop.status().silent, []);
  stop.abort();
});

test("on a line with too little time the points that alarms watch keep their period", async (t) => {
  const requests = Array.from({ length: 10 }, (_, n) => requestOf(`d${n}`, n + 1, 100));
  const { clock, of, stop } = busRig(requests, { watched: ["d9.x", "d4.x"] });
  await clock.advance(60_000);
  const [watched, other] = [of("d9").length, of("d0").length];
  t.true(watched >= 595, `${watched}`);
  t.true(other >= 220, `${other}`);
  stop.abort();
});

test("a device that does not answer does not keep the others from their period", async (t) => {
  const { clock, dead, of, stop } = busRig([requestOf("a", 1), requestOf("b", 2)]);
  dead.add(1);
  await clock.advance(60_000);
  const times = of("b").map(({ uptime }) => uptime);
  t.is(times.length, 60);
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
  t.true(gaps.every((gap) => Math.abs(gap - 1000) <= TIMEOUT_MS + ANSWER_MS));
  stop.abort();
});

test("beside dead devices an alarm point that lost one answer is asked again in its next period", async (t) => {
  const dead = Array.from({ length: 30 }, (_, n) => requestOf(`d${n}`, n + 2));
  const rig = busRig([requestOf("a", 1), ...dead], { watched: ["a.x"] });
  for (const { unit } of dead) rig.dead.add(unit);
  await rig.clock.advance(300_000);
  const asked = async () => {
    const from = rig.asked.length;
    while (!rig.asked.slice(from).includes(1)) await rig.clock.advance(1);
    return rig.clock.uptime();
  };
  rig.dead.add(1);
  const lostAt = await asked();
  rig.dead.delete(1);
  const againAt = await asked();
  t.true(againAt - lostAt <= 1000 + TIMEOUT_MS + ANSWER_MS, `${againAt - lostAt}`);
  rig.stop.abort();
});

test("a line that is gone gives link-closed readings and is opened again", async (t) => {
  const { clock, cut, refuse, of, told, opened, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  refuse(true);
  cut();
  await clock.advance(5000);
  t.true(
    of("a")
      .slice(2)
      .every(({ value, quality }) => value === null && quality === "bad:link-closed"),
  );
  refuse(false);
  await clock.advance(20_000);
  t.is(of("a").at(-1)?.quality, "good");
  t.deepEqual(told, ["bus open", "bus closed", "bus open"]);
  t.is(opened(), 2);
  stop.abort();
});

test("a line on which nothing answers any more is opened anew", async (t) => {
  const units = [1, 2, 3, 4];
  const { clock, dead, opened, stop } = busRig(units.map((unit) => requestOf(`d${unit}`, unit)));
  await clock.advance(1500);
  for (const unit of units) dead.add(unit);
  await clock.advance(60_000);
  t.true(opened() > 1);
  stop.abort();
});

test("a connection that its peer has forgotten is opened anew within half a minute and a period", async (t) => {
  for (const everyMs of [500, 5000]) {
    const { clock, dead, of, opened, stop } = busRig([requestOf("a", 1, everyMs)]);
    await clock.advance(20_250);
    dead.add(1);
    for (let turn = 0; turn < 20; turn++) {
      const before = opened();
      await clock.advance(31_000 + everyMs);
      t.true(opened() > before, `turn ${turn}`);
    }
    dead.clear();
    await clock.advance(31_000);
    t.is(of("a").at(-1)?.quality, "good");
    stop.abort();
  }
});

test("a line that is opened anew because nothing answers is no turn of the bus", async (t) => {
  const { clock, dead, refuse, told, opened, stop } = busRig([requestOf("a", 1)]);
  dead.add(1);
  await clock.advance(600_000);
  t.true(opened() > 10 && opened() < 40, `${opened()} openings`);
  const turns = () => told.filter((each) => each.startsWith("bus"));
  t.deepEqual(turns(), ["bus open"]);
  refuse(true);
  await clock.advance(60_000);
  t.deepEqual(turns(), ["bus open", "bus closed"]);
  stop.abort();
});

test("while the port cannot be opened at all every due time still gives a reading", async (t) => {
  const { clock, refuse, of, stop, loop } = busRig([requestOf("a", 1)]);
  refuse(true);
  await clock.advance(10_500);
  t.true(of("a").length >= 10);
  t.true(of("a").every(({ quality }) => quality === "bad:link-closed"));
  t.is(loop.status().trouble, "no such port");
  stop.abort();
});

test("stopping ends the loop and leaves no timer behind", async (t) => {
  const { clock, running, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  stop.abort();
  await clock.advance(TIMEOUT_MS);
  await running;
  t.is(clock.timers, 0);
});

test("counters go on over a reopened line", async (t) => {
  const { clock, cut, loop, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(3500);
  const before = loop.status().counters.requests ?? 0;
  cut();
  await clock.advance(after(0 as UptimeMs, 5000));
  t.true((loop.status().counters.requests ?? 0) > before);
  stop.abort();
});

test("an opened line is not asked before the answers to earlier requests must have come", async (t) => {
  const { clock, asked, cut, of, stop } = busRig([requestOf("a", 1)], { settleMs: 600 });
  await clock.advance(500);
  t.deepEqual(asked, []);
  t.deepEqual(of("a"), []);
  await clock.advance(1000);
  t.deepEqual(
    of("a").map(({ quality }) => quality),
    ["good", "good"],
  );
  cut();
  const before = asked.length;
  await clock.advance(550);
  t.is(asked.length, before);
  await clock.advance(2000);
  t.is(of("a").at(-1)?.quality, "good");
  stop.abort();
});

test("a silent line is opened anew, then its adapter bound anew, each told once an outage", async (t) => {
  let bound = 0;
  const rebind = () => {
    bound++;
    return Promise.resolve("done" as const);
  };
  const { clock, dead, told, loop, stop } = busRig([requestOf("a", 1)], { rebind });
  await clock.advance(20_500);
  dead.add(1);
  await clock.advance(600_000);
  t.deepEqual(told, ["bus open", "a silent", "reopen", "rebind"]);
  t.is(bound, 1);
  const { renewals, rebinds } = loop.status().counters;
  t.is(rebinds, 1);
  t.true((renewals ?? 0) >= 8, `${renewals}`);
  dead.clear();
  await clock.advance(40_000);
  dead.add(1);
  await clock.advance(60_000);
  t.deepEqual(told.slice(4, 7), ["a answering", "a silent", "reopen"]);
  stop.abort();
});

test("an adapter that may not be bound anew is not tried again", async (t) => {
  let asked = 0;
  const rebind = () => {
    asked++;
    return Promise.resolve("never" as const);
  };
  const { clock, dead, told, loop, stop } = busRig([requestOf("a", 1)], { rebind });
  dead.add(1);
  await clock.advance(1_800_000);
  t.is(asked, 1);
  t.is(loop.status().counters.rebinds, 0);
  t.false(told.includes("rebind"));
  stop.abort();
});

test("an adapter that could not be bound anew once is tried again after a while", async (t) => {
  let asked = 0;
  const rebind = () => {
    asked++;
    return Promise.resolve(asked > 1 ? ("done" as const) : ("not-now" as const));
  };
  const { clock, dead, told, loop, stop } = busRig([requestOf("a", 1)], { rebind });
  dead.add(1);
  await clock.advance(300_000);
  t.is(asked, 1);
  t.false(told.includes("rebind"));
  t.true((loop.status().counters.renewals ?? 0) >= 4);
  await clock.advance(600_000);
  t.is(asked, 2);
  t.true(told.includes("rebind"));
  stop.abort();
});

test("where several requests may be under way, as many are, and no more", async (t) => {
  const units = [1, 2, 3, 4, 5];
  const { clock, readings, stop } = busRig(
    units.map((unit) => requestOf(`d${unit}`, unit)),
    { inFlight: 2 },
  );
  await clock.advance(500);
  const times = readings.map(({ uptime }) => uptime - 1);
  t.deepEqual(times, [20, 20, 40, 40, 60]);
  stop.abort();
});

test("a silent unit does not hold up the others where several may be under way", async (t) => {
  const { clock, dead, of, stop } = busRig(
    [requestOf("a", 1, 100), requestOf("b", 2, 100), requestOf("c", 3, 100)],
    { inFlight: 2 },
  );
  dead.add(1);
  await clock.advance(2050);
  t.is(of("b").length, 21);
  t.is(of("c").length, 21);
  t.true(of("a").every(({ quality }) => quality === "bad:timeout"));
  stop.abort();
});

test("requests under way when the gateway stops end with it", async (t) => {
  const { clock, running, stop } = busRig([requestOf("a", 1), requestOf("b", 2)], { inFlight: 2 });
  await clock.advance(10);
  stop.abort();
  await clock.advance(100);
  await running;
  t.pass();
});

test("a line that is lost while several requests are under way is opened again", async (t) => {
  const { clock, cut, opened, readings, stop } = busRig(
    [1, 2, 3].map((unit) => requestOf(`d${unit}`, unit)),
    { inFlight: 3 },
  );
  await clock.advance(1005);
  cut();
  await clock.advance(3000);
  t.is(opened(), 2);
  t.true(readings.filter(({ quality }) => quality === "good").length >= 9);
  stop.abort();
});

for (const inFlight of [1, 4]) {
  test(`a loop whose driver hangs is seen to hang, with ${inFlight} requests under way at most`, async (t) => {
    const { clock, hanging, loop, stop } = busRig([requestOf("a", 1)], { inFlight });
    const health = () =>
      healthOf({ kind: "bus", name: "line-a", progress: loop.progress }, clock.uptime());
    await clock.advance(300_000);
    t.not(health().state, "hung");
    hanging.add(1);
    await clock.advance(50_000);
    t.is(health().state, "working");
    await clock.advance(15_000);
    t.is(health().state, "hung");
    stop.abort();
  });
}

test("a loop that waits for dead devices on a line that is gone does not hang", async (t) => {
  const { clock, dead, loop, cut, refuse, stop } = busRig([requestOf("a", 1)]);
  dead.add(1);
  for (let minutes = 0; minutes < 20; minutes++) {
    if (minutes === 10) {
      cut();
      refuse(true);
    }
    await clock.advance(60_000);
    const health = healthOf(
      { kind: "bus", name: "line-a", progress: loop.progress },
      clock.uptime(),
    );
    t.not(health.state, "hung");
  }
  stop.abort();
});
