import test from "ava";
import type { ReadRequest } from "../../drivers/driver.ts";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import type { UptimeMs } from "../core/time.ts";
import { Isolation } from "./isolation.ts";

const at = (ms: number) => ms as UptimeMs;
const never = () => at(0);
const COST_MS = 300;

/** One request to each of the units 1 to 40, and another to unit 1. */
const REQUESTS = numbers(1, 40).map((unit) => requestOf(`d${unit}`, unit));
const OTHER = requestOf("other", 1);
const requestTo = (unit: number) => REQUESTS[unit - 1] as ReadRequest;

type Settings = { readonly deadBudget?: number; readonly watched?: readonly number[] };

/**
 * Units 1 to `count`; those in `dead` have just become suspect, at 10 s, and alarms watch points of
 * those that are `watched`.
 */
function isolated(
  count: number,
  dead: readonly number[],
  { deadBudget = 0.1, watched = [] }: Settings = {},
) {
  const units = numbers(1, count);
  const probeEveryMs = new Map(units.map((unit) => [unit, 30_000]));
  const isolation = new Isolation(
    [...units.map(requestTo), OTHER],
    ({ unit }) => watched.includes(unit),
    { probeEveryMs, deadBudget, timeoutMs: COST_MS },
    at(0),
  );
  for (const ms of [0, 5000, 10_000]) {
    for (const unit of units) {
      if (dead.includes(unit)) fail(isolation, unit, ms);
      else isolation.answered(requestTo(unit), at(ms));
    }
  }
  return isolation;
}

/** The numbers `from` to `to`. */
function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** How often each of the units, none of which answers, is probed from 12 s to `until`. */
function probesOf(isolation: Isolation, until: number): ReadonlyMap<number, number> {
  const probes = new Map<number, number>();
  let now = 12_000;
  while (now < until) {
    const unit = probe(isolation, now);
    if (unit === null) {
      now = isolation.nextProbeAt(at(now), never) ?? until;
      continue;
    }
    now += COST_MS;
    probes.set(unit, (probes.get(unit) ?? 0) + 1);
    fail(isolation, unit, now);
  }
  return probes;
}

/** The unit that is to be probed. */
function probe(isolation: Isolation, ms: number, gapMs = Infinity, notBefore = never) {
  return isolation.probe(at(ms), gapMs, notBefore)?.unit ?? null;
}

function fail(isolation: Isolation, unit: number, ms: number) {
  return isolation.failed(requestTo(unit), { everyMs: 1000, costMs: COST_MS, at: at(ms) });
}

test("a suspect unit is probed after its pause, in a gap that holds the probe", (t) => {
  const isolation = isolated(3, [2]);
  t.is(isolation.nextProbeAt(at(10_000), never), at(12_000));
  t.is(probe(isolation, 11_999), null);
  t.is(probe(isolation, 12_000, COST_MS - 1, never), null);
  t.is(probe(isolation, 12_000, COST_MS, never), 2);
});

test("a probe that finds no gap goes all the same in the end", (t) => {
  const isolation = isolated(3, [2]);
  t.is(probe(isolation, 13_999, 0, never), null);
  t.is(isolation.nextProbeAt(at(12_500), never), at(14_000));
  t.is(probe(isolation, 14_000, 0, never), 2);
});

test("a unit that is held back is not probed before", (t) => {
  const isolation = isolated(3, [2]);
  const held = () => at(20_000);
  t.is(probe(isolation, 19_999, Infinity, held), null);
  t.is(isolation.nextProbeAt(at(12_000), held), at(20_000));
  t.is(probe(isolation, 20_000, Infinity, held), 2);
});

test("all probes together take no more than the budget and what was saved of it", (t) => {
  for (const watched of [[], [3], numbers(1, 10)]) {
    const probes = probesOf(isolated(30, numbers(1, 10), { watched }), 612_000);
    const spentMs = [...probes.values()].reduce((sum, count) => sum + count * COST_MS, 0);
    t.true(spentMs <= 0.1 * 600_000 + 3000 + 2 * COST_MS, `${spentMs}`);
    t.true(spentMs >= 0.1 * 600_000 - COST_MS, `${spentMs}`);
    t.is(probes.size, 10);
    t.true(Math.max(...probes.values()) - Math.min(...probes.values()) <= 2);
  }
});

test("a unit with points that alarms watch is probed before those that have waited longer", (t) => {
  const isolation = isolated(33, numbers(2, 32), { watched: [33] });
  probesOf(isolation, 100_000);
  for (const ms of [101_000, 103_000, 105_000]) fail(isolation, 33, ms);
  const probes: (number | null)[] = [];
  for (let now = 107_000; now < 108_000; now += COST_MS) {
    const unit = probe(isolation, now);
    probes.push(unit);
    if (unit !== null) fail(isolation, unit, now + COST_MS);
  }
  t.is(probes[0], 33);
});

test("however many watched units are dead, the other dead ones have every other probe", (t) => {
  const probes = probesOf(isolated(31, numbers(1, 30), { watched: numbers(1, 15) }), 912_000);
  const counts = [...probes.values()];
  t.is(counts.length, 30);
  t.true(Math.min(...counts) >= 9, `${counts}`);
});

test("where nobody answers the port is at fault, and nobody has to be protected", (t) => {
  const probed = (dead: readonly number[]) => {
    const isolation = isolated(4, dead, { deadBudget: 0.01 });
    return dead.map((_, n) => {
      const now = 12_000 + n * COST_MS;
      const unit = probe(isolation, now);
      if (unit !== null) fail(isolation, unit, now + COST_MS);
      return unit;
    });
  };
  t.deepEqual(probed([1, 2, 3]), [1, 2, null]);
  t.deepEqual(probed([1, 2, 3, 4]), [1, 2, 3, 4]);
});

test("one lost answer of the only device that is well does not lift the budget of the others", (t) => {
  const isolation = isolated(31, numbers(2, 31));
  let now = 12_000;
  const probeNext = () => {
    const unit = probe(isolation, now);
    if (unit === null) return false;
    now += COST_MS;
    fail(isolation, unit, now);
    return true;
  };
  while (probeNext());
  fail(isolation, 1, now);
  const until = now + 10_000;
  let probes = 0;
  for (; now < until; now += 10) if (probeNext()) probes++;
  t.true(probes <= 4, `${probes}`);
  isolation.answered(requestTo(1), at(now));
  t.false(probeNext(), "the pauses of the others are left as they were");
});

test("the first answer on a port where nobody answered has all the others tried again", (t) => {
  const isolation = isolated(3, [1, 2, 3]);
  t.is(isolation.answered(requestTo(2), at(10_500)).unit, "answering");
  t.is(probe(isolation, 10_500), 1);
});

test("they are tried again although what is due leaves no gap, however long they were silent", (t) => {
  const isolation = isolated(2, [1, 2]);
  for (let n = 1; n < 10; n++)
    for (const unit of [1, 2]) fail(isolation, unit, 10_000 + n * 30_000);
  isolation.answered(requestTo(2), at(300_000));
  t.is(isolation.nextProbeAt(at(300_001), never), at(302_000));
  t.is(probe(isolation, 302_000, 0), 1);
});

test("an answer where others answer too leaves a suspect unit its pause", (t) => {
  const isolation = isolated(3, [1]);
  isolation.answered(requestTo(2), at(10_500));
  t.is(isolation.nextProbeAt(at(10_500), never), at(12_000));
});

test("the line is suspected when every unit failed and nothing has answered for a while", (t) => {
  const isolation = isolated(4, []);
  const told = Array.from({ length: 8 }, (_, n) => {
    fail(isolation, 1 + (n % 4), 11_000 + n * COST_MS);
    return isolation.isLineSuspect;
  });
  t.deepEqual(told, [false, false, false, false, false, false, false, true]);
  isolation.answered(requestTo(3), at(14_000));
  t.false(isolation.isLineSuspect);
});

test("many units that fail one after the other do not make the line suspect while one is well", (t) => {
  const isolation = isolated(30, []);
  for (let n = 0; n < 60; n++) fail(isolation, 1 + (n % 29), 11_000 + n * COST_MS);
  t.false(isolation.isLineSuspect);
});

/** From 11 s on unit 1 answers one request a second and not the other, until that is suspect. */
function halfDead(settings: Settings = {}, heldMs = 0) {
  const isolation = isolated(3, [3], settings);
  const turns = [11_000, 12_000, 13_000].flatMap((ms) => {
    isolation.failed(OTHER, { everyMs: 1000, costMs: COST_MS, heldMs, at: at(ms) });
    return isolation.answered(requestTo(1), at(ms + 500)).requests;
  });
  return { isolation, turns };
}

test("a request that is never answered by a unit which answers others is suspect by itself", (t) => {
  const { isolation, turns } = halfDead();
  t.deepEqual(turns, [{ request: OTHER, to: "silent" }]);
  t.true(isolation.isSuspect(OTHER));
  t.false(isolation.isSuspect(requestTo(1)));
  t.false(isolation.isSilent(1));
  t.deepEqual(isolation.unanswered, [OTHER]);
});

test("what one request costs in vain makes its unit neither failing nor silent any more", (t) => {
  const { isolation } = halfDead();
  for (let ms = 20_000; ms < 60_000; ms += 5000) {
    t.is(isolation.failed(OTHER, { everyMs: 1000, costMs: COST_MS, at: at(ms) }), null);
  }
  t.false(isolation.isSilent(1));
  t.false(isolation.isFailing(1));
});

test("a unit of which every request is suspect is silent in the end", (t) => {
  const { isolation } = halfDead();
  for (const ms of [14_000, 15_000, 16_000]) {
    fail(isolation, 1, ms);
    isolation.answered(OTHER, at(ms + 300));
  }
  t.true(isolation.isSuspect(requestTo(1)));
  for (const ms of [17_000, 18_000, 19_000]) {
    isolation.failed(OTHER, { everyMs: 1000, costMs: COST_MS, at: at(ms) });
  }
  t.true(isolation.isSilent(1));
});

test("a suspect request is probed within the budget of the line and of its unit's time", (t) => {
  const heldMs = 1300;
  const { isolation } = halfDead({ watched: [2] }, heldMs);
  const probes = new Map([[1, 0]]);
  let now = 14_000;
  while (now < 614_000) {
    const request = isolation.probe(at(now), Infinity, never);
    if (request === null) {
      now = isolation.nextProbeAt(at(now), never) ?? 614_000;
      continue;
    }
    now += COST_MS;
    probes.set(request.unit, (probes.get(request.unit) ?? 0) + 1);
    isolation.failed(request, { everyMs: 1000, costMs: COST_MS, heldMs, at: at(now) });
  }
  const own = probes.get(1) as number;
  t.true(own * heldMs <= 0.1 * 600_000 + 2 * heldMs, `${own}`);
  t.true(own >= 19, `${own}`);
  t.true((own + (probes.get(3) ?? 0)) * COST_MS <= 0.1 * 600_000 + 3000 + COST_MS);
});

test("a silent unit is probed with what it may answer, and each of its requests has its turn", (t) => {
  const isolation = isolated(3, [1]);
  t.is(isolation.probe(at(12_000), Infinity, never), OTHER);
  isolation.failed(OTHER, { everyMs: 1000, costMs: COST_MS, at: at(12_300) });
  t.is(isolation.probe(at(20_000), Infinity, never), requestTo(1));
  fail(isolation, 1, 20_300);
  t.is(isolation.probe(at(40_000), Infinity, never), OTHER);
});

test("when a unit is back, its requests that were not answered before are tried at once", (t) => {
  const { isolation } = halfDead();
  isolation.failed(OTHER, { everyMs: 1000, costMs: COST_MS, at: at(16_000) });
  for (const ms of [17_000, 18_000, 19_000]) fail(isolation, 1, ms);
  t.true(isolation.isSilent(1));
  t.deepEqual(isolation.unanswered, []);
  isolation.answered(requestTo(3), at(19_500));
  isolation.answered(requestTo(1), at(19_500));
  t.is(isolation.probe(at(19_500), Infinity, never), OTHER);
});

test("a request that others take the place of is neither told nor probed any more", (t) => {
  const { isolation } = halfDead();
  const part = { ...OTHER };
  isolation.replace([OTHER], [part]);
  t.deepEqual(isolation.unanswered, []);
  t.false(isolation.isSuspect(part));
});
