import test from "ava";
import type { RequestForecast } from "../../edge/acquire/forecast.ts";
import {
  answersOf,
  device,
  isNear,
  LASTING_MS,
  longestGapMs,
  MOST_MS,
  roundMs,
  run,
  runBehind,
  runWide,
  TIMEOUT_MS,
} from "./forecast-rig.ts";

for (const baud of [1200, 9600, 115_200]) {
  test(`at ${baud} baud the line is as busy as it was foreseen`, async (t) => {
    const every = baud === 1200 ? "5s" : "500ms";
    const devices = [device(1, 1, every), device(2, 10, every), device(3, 60, "5s")].join(", ");
    const seen = await run(t, { devices, baud });
    const answers = answersOf(seen);
    const busyMs = answers.reduce((sum, { request, deliveredAt }) => {
      return sum + (deliveredAt as number) - request.at + seen.line.timing.silenceMs;
    }, 0);
    isNear(t, seen.plan.forecast.load, busyMs / LASTING_MS, "load");
  });
}

test("a line that has no time left serves as many rounds as it was foreseen", async (t) => {
  const devices = [1, 2, 3, 4].map((unit) => device(unit, 5 * unit, "50ms")).join(", ");
  const seen = await run(t, { devices });
  t.is(seen.plan.verdict, "overloaded");
  isNear(t, seen.plan.forecast.roundMs, roundMs(seen, 4), "round");
});

test("no value gets older than it was foreseen, and one gets nearly as old", async (t) => {
  // What is read seldom comes first in the file, and once in ten seconds all of it is in the way.
  const slow = [1, 2, 3, 4, 5].map((unit) => device(unit, 100, "10s"));
  const devices = [...slow, device(6, 1, "1s")].join(", ");
  const seen = await run(t, { devices, turnaroundMs: MOST_MS });
  for (const { request, ageMs } of seen.plan.forecast.requests) {
    const id = request.points[0]?.point.id as string;
    // A value is as old as what the device held when it was asked.
    t.true(longestGapMs(seen, id) <= ageMs, id);
  }
  const fast = seen.plan.forecast.requests.at(-1);
  const gapMs = longestGapMs(seen, "d6.r0") + (fast?.lineMs ?? 0);
  isNear(t, fast?.ageMs as number, gapMs, "age");
});

test("while one device is silent no value gets older than it was foreseen", async (t) => {
  const devices = [1, 2, 3].map((unit) => device(unit, 20, "1s")).join(", ");
  const seen = await run(t, { devices, turnaroundMs: MOST_MS, dead: [1] });
  for (const { request, ageOneDeadMs } of seen.plan.forecast.requests.slice(1)) {
    const gapMs = longestGapMs(seen, request.points[0]?.point.id as string);
    t.true(gapMs <= (ageOneDeadMs as number), `${gapMs} ${ageOneDeadMs}`);
  }
});

for (const baud of [2400, 9600, 115_200]) {
  test(`a serial server with a line of ${baud} baud serves as many rounds as foreseen`, async (t) => {
    const devices = [1, 2, 3, 4].map((unit) => device(unit, 15 * unit, "50ms")).join(", ");
    const seen = await runBehind(t, { devices, baud });
    t.is(seen.plan.verdict, "overloaded");
    isNear(t, seen.plan.forecast.roundMs, roundMs(seen, 4), "round");
  });
}

test("behind a serial server no value gets older than foreseen, and one gets nearly as old", async (t) => {
  const slow = [1, 2, 3, 4, 5].map((unit) => device(unit, 100, "10s"));
  const devices = [...slow, device(6, 1, "1s")].join(", ");
  const seen = await runBehind(t, { devices, turnaroundMs: MOST_MS });
  const fast = seen.plan.forecast.requests.at(-1);
  for (const { request, ageMs } of seen.plan.forecast.requests) {
    const id = request.points[0]?.point.id as string;
    t.true(longestGapMs(seen, id) <= ageMs, id);
  }
  const gapMs = longestGapMs(seen, "d6.r0") + (fast?.lineMs ?? 0);
  isNear(t, fast?.ageMs as number, gapMs, "age");
});

for (const inFlight of [1, 3, 4]) {
  test(`with ${inFlight} requests at a time an endpoint is as busy as it was foreseen`, async (t) => {
    const devices = [1, 2, 3, 4, 5].map((unit) => device(unit, 10, "1s")).join(", ");
    const seen = await runWide(t, inFlight, { devices });
    const busyMs = answersOf(seen).reduce(
      (sum, { request, deliveredAt }) => sum + (deliveredAt as number) - request.at,
      0,
    );
    isNear(t, seen.plan.forecast.load, busyMs / inFlight / LASTING_MS, "load");
  });

  test(`with ${inFlight} at a time an endpoint without time left serves as many rounds`, async (t) => {
    const devices = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((unit) => device(unit, 5, "50ms"));
    const seen = await runWide(t, inFlight, { devices: devices.join(", ") });
    isNear(t, seen.plan.forecast.roundMs, roundMs(seen, devices.length), "round");
  });

  test(`with ${inFlight} at a time no value gets older than foreseen, and one nearly as old`, async (t) => {
    const slow = Array.from({ length: 30 }, (_, index) => device(index + 2, 5, "10s"));
    const devices = [...slow, device(1, 1, "1s")].join(", ");
    const seen = await runWide(t, inFlight, { devices });
    const { requests } = seen.plan.forecast;
    const fast = requests.at(-1);
    for (const { request, ageMs } of requests) {
      const id = request.points[0]?.point.id as string;
      t.true(longestGapMs(seen, id) <= ageMs, id);
    }
    const gapMs = longestGapMs(seen, "d1.r0") + (fast?.lineMs ?? 0);
    isNear(t, fast?.ageMs as number, gapMs, "age");
  });
}

/** A silent device is taken for silent, and tried as seldom as it ever will be, from here on. */
const SETTLED_MS = 60_000;

for (const [more, every] of [
  [", probeEvery: 5s, deadBudget: 1", "1s"],
  [", probeEvery: 1s, deadBudget: 0.05", "1s"],
  [", probeEvery: 5s", "15s"],
] as const) {
  test(`with one device silent the line is as busy as foreseen${more}`, async (t) => {
    const devices = [device(1, 1, every), device(2, 1, every)].join(", ");
    const seen = await run(t, { devices, more, dead: [1] });
    const { requests } = seen.line.units.truth;
    const settled = requests.filter(({ at }) => at > SETTLED_MS);
    const tries = settled.filter(({ fault }) => fault === "dead");
    const spanMs = (tries.at(-1)?.at as number) - (tries[0]?.at as number);
    const triesMs = spanMs / (tries.length - 1);
    const [{ at, end }] = tries as [(typeof tries)[0]];
    const { lineMs, request } = seen.plan.forecast.requests[1] as RequestForecast;
    const busy = (end - at + TIMEOUT_MS) / triesMs + lineMs / request.everyMs;
    isNear(t, seen.plan.forecast.loadOneDead as number, busy, "load");
  });
}

test("a device that is tried all the time makes no value older than foreseen", async (t) => {
  const devices = [1, 2, 3].map((unit) => device(unit, 20, "1s")).join(", ");
  const more = ", probeEvery: 1s, deadBudget: 1, grace: 0ms";
  const seen = await run(t, { devices, turnaroundMs: MOST_MS, more, dead: [1] });
  for (const { request, ageOneDeadMs } of seen.plan.forecast.requests.slice(1)) {
    const gapMs = longestGapMs(seen, request.points[0]?.point.id as string);
    t.true(gapMs <= (ageOneDeadMs as number), `${gapMs} ${ageOneDeadMs}`);
  }
});

test("with several at a time a silent device makes no value older than foreseen", async (t) => {
  const own = device(1, 1, "1s").replace(
    "points: {",
    "points: { z: { area: input, address: 9, type: int16 },",
  );
  const devices = [own, ...[2, 3, 4, 5, 6].map((unit) => device(unit, 20, "1s"))].join(", ");
  const seen = await runWide(t, 2, { devices, dead: [1] });
  for (const { request, ageOneDeadMs } of seen.plan.forecast.requests.slice(2)) {
    const gapMs = longestGapMs(seen, request.points[0]?.point.id as string);
    t.true(gapMs <= (ageOneDeadMs as number), `${gapMs} ${ageOneDeadMs}`);
  }
});
