import test from "ava";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import type { UptimeMs } from "../core/time.ts";
import { Isolation } from "./isolation.ts";

const at = (ms: number) => ms as UptimeMs;
const never = () => at(0);
const COST_MS = 300;

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
    units.map((unit) => requestOf(`d${unit}`, unit)),
    ({ unit }) => watched.includes(unit),
    { probeEveryMs, deadBudget, timeoutMs: COST_MS },
    at(0),
  );
  for (const ms of [0, 5000, 10_000]) {
    for (const unit of units) {
      if (dead.includes(unit)) fail(isolation, unit, ms);
      else isolation.answered(unit, at(ms));
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
    const unit = isolation.probe(at(now), Infinity, never);
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

function fail(isolation: Isolation, unit: number, ms: number) {
  return isolation.failed(unit, { everyMs: 1000, costMs: COST_MS, at: at(ms) });
}

test("a suspect unit is probed after its pause, in a gap that holds the probe", (t) => {
  const isolation = isolated(3, [2]);
  t.is(isolation.nextProbeAt(at(10_000), never), at(12_000));
  t.is(isolation.probe(at(11_999), Infinity, never), null);
  t.is(isolation.probe(at(12_000), COST_MS - 1, never), null);
  t.is(isolation.probe(at(12_000), COST_MS, never), 2);
});

test("a probe that finds no gap goes all the same in the end", (t) => {
  const isolation = isolated(3, [2]);
  t.is(isolation.probe(at(13_999), 0, never), null);
  t.is(isolation.nextProbeAt(at(12_500), never), at(14_000));
  t.is(isolation.probe(at(14_000), 0, never), 2);
});

test("a unit that is held back is not probed before", (t) => {
  const isolation = isolated(3, [2]);
  const held = () => at(20_000);
  t.is(isolation.probe(at(19_999), Infinity, held), null);
  t.is(isolation.nextProbeAt(at(12_000), held), at(20_000));
  t.is(isolation.probe(at(20_000), Infinity, held), 2);
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
    const unit = isolation.probe(at(now), Infinity, never);
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
      const unit = isolation.probe(at(now), Infinity, never);
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
  const probe = () => {
    const unit = isolation.probe(at(now), Infinity, never);
    if (unit === null) return false;
    now += COST_MS;
    fail(isolation, unit, now);
    return true;
  };
  while (probe());
  fail(isolation, 1, now);
  const until = now + 10_000;
  let probes = 0;
  for (; now < until; now += 10) if (probe()) probes++;
  t.true(probes <= 4, `${probes}`);
  isolation.answered(1, at(now));
  t.false(probe(), "the pauses of the others are left as they were");
});

test("the first answer on a port where nobody answered has all the others tried again", (t) => {
  const isolation = isolated(3, [1, 2, 3]);
  t.is(isolation.answered(2, at(10_500)), "answering");
  t.is(isolation.probe(at(10_500), Infinity, never), 1);
});

test("an answer where others answer too leaves a suspect unit its pause", (t) => {
  const isolation = isolated(3, [1]);
  isolation.answered(2, at(10_500));
  t.is(isolation.nextProbeAt(at(10_500), never), at(12_000));
});

test("the line is suspected when every unit failed and nothing has answered for a while", (t) => {
  const isolation = isolated(4, []);
  const told = Array.from({ length: 8 }, (_, n) => {
    fail(isolation, 1 + (n % 4), 11_000 + n * COST_MS);
    return isolation.isLineSuspect;
  });
  t.deepEqual(told, [false, false, false, false, false, false, false, true]);
  isolation.answered(3, at(14_000));
  t.false(isolation.isLineSuspect);
});

test("many units that fail one after the other do not make the line suspect while one is well", (t) => {
  const isolation = isolated(30, []);
  for (let n = 0; n < 60; n++) fail(isolation, 1 + (n % 29), 11_000 + n * COST_MS);
  t.false(isolation.isLineSuspect);
});
