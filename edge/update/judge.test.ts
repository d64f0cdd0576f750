import test from "ava";
import type { LoopHealth } from "../core/progress.ts";
import type { UptimeMs } from "../core/time.ts";
import {
  type Before,
  type Judged,
  judged,
  type Look,
  nothingSeen,
  seenWith,
  type Yardstick,
} from "./judge.ts";

const MB = 1_000_000;
const named = (...names: readonly string[]) => names.map((name) => ({ name }) as never);

const BEFORE: Before = {
  buses: ["line-a", "line-b"],
  destinations: ["centre"],
  isStoring: true,
};

const YARDSTICK: Yardstick = {
  before: BEFORE,
  config: { buses: named("line-a", "line-b", "dead"), destinations: named("centre", "city") },
  windowMs: 120_000,
  memoryMaxBytes: 300 * MB,
};

/** All is as it was before. */
const WELL = {
  loops: [] as readonly LoopHealth[],
  health: { buses: ["line-a", "line-b"], destinations: ["centre"] },
  ...{ isStoring: true, isSetAside: false, residentBytes: 90 * MB, hasNetwork: true },
};

type Moment = Partial<Omit<Look, "at">>;

/**
 * What becomes of a candidate that is looked at each second, and when, in seconds; null where nothing
 * was decided in 200 s.
 */
function trialOf(at: (second: number) => Moment, yardstick: Partial<Yardstick> = {}) {
  const by = { ...YARDSTICK, ...yardstick };
  let seen = nothingSeen(0 as UptimeMs);
  for (let second = 0; second <= 200; second++) {
    const look = { ...WELL, ...at(second), at: (second * 1_000) as UptimeMs };
    seen = seenWith(seen, look, by);
    const found = judged(seen, look, by);
    if (found !== null) return { second, found, reason: found.reason };
  }
  return null;
}

const healthy = (reason: "online" | "offline"): Judged => ({ kind: "healthy", reason });
const without = (bus: string): Moment => ({
  health: { ...WELL.health, buses: WELL.health.buses.filter((each) => each !== bus) },
});

test("a candidate that does as well as the release before is healthy once its window is over", (t) => {
  t.like(
    trialOf(() => ({})),
    { second: 120, found: healthy("online") },
  );
});

test("a loop that hangs is seen at once", (t) => {
  const hung = { kind: "bus", name: "line-a", state: "hung", forMs: 61_000 } as const;
  t.like(
    trialOf((s) => (s < 70 ? {} : { loops: [hung] })),
    {
      second: 70,
      reason: "update.loop-hung",
    },
  );
});

test("a bus that did well must do well at the end, and is given a while to come back", (t) => {
  t.like(
    trialOf(() => without("line-b")),
    { second: 150, reason: "update.bus-lost" },
  );
  t.like(
    trialOf((s) => (s < 118 ? {} : without("line-b"))),
    { reason: "update.bus-lost" },
  );
  t.like(
    trialOf((s) => (s < 125 ? without("line-b") : {})),
    {
      second: 135,
      found: healthy("online"),
    },
  );
});

test("a bus that was dead before is asked nothing, nor one that is configured no more", (t) => {
  const before = { ...BEFORE, buses: ["line-a"] };
  t.like(
    trialOf(() => without("line-b"), { before }),
    { found: healthy("online") },
  );
  const config = { ...YARDSTICK.config, buses: named("line-a") };
  t.like(
    trialOf(() => without("line-b"), { config }),
    { found: healthy("online") },
  );
});

test("where every bus was dead before, none need come back", (t) => {
  const before = { ...BEFORE, buses: [] };
  const nothing = { health: { buses: [], destinations: ["centre"] } };
  t.like(
    trialOf(() => nothing, { before }),
    { found: healthy("online") },
  );
});

test("a bus that comes and goes to the end does not do well", (t) => {
  const found = trialOf((s) => (s % 5 === 0 ? without("line-a") : {}));
  t.is(found?.found.kind, "unhealthy");
});

test("a destination that is reached once will do, as lines come and go", (t) => {
  const off = { health: { ...WELL.health, destinations: [] } };
  t.like(
    trialOf((s) => (s === 40 ? {} : off)),
    { second: 120, found: healthy("online") },
  );
});

test("a destination that is reached no more, though there is a way out, is the release's fault", (t) => {
  const off = { health: { ...WELL.health, destinations: [] } };
  t.like(
    trialOf(() => off),
    { second: 120, reason: "update.destination-lost" },
  );
  t.like(
    trialOf(() => ({ health: { ...WELL.health, destinations: ["city"] } })),
    {
      reason: "update.destination-lost",
    },
  );
});

test("without a way out, or with nobody reached before, being offline is justified", (t) => {
  const off = { health: { ...WELL.health, destinations: [] } };
  t.like(
    trialOf(() => ({ ...off, hasNetwork: false })),
    { found: healthy("offline") },
  );
  const before = { ...BEFORE, destinations: [] };
  t.like(
    trialOf(() => off, { before }),
    { found: healthy("offline") },
  );
});

test("a buffer that takes nothing, or began anew, is a fault unless it was so before", (t) => {
  t.like(
    trialOf(() => ({ isStoring: false })),
    { second: 150, reason: "update.buffer" },
  );
  t.like(
    trialOf(() => ({ isSetAside: true })),
    { second: 0, reason: "update.buffer" },
  );
  const before = { ...BEFORE, isStoring: false };
  t.like(
    trialOf(() => ({ isStoring: false }), { before }),
    { found: healthy("online") },
  );
});

test("memory that is nearly all there may be is a fault at once", (t) => {
  t.like(
    trialOf((s) => ({ residentBytes: (80 + s * 10) * MB })),
    {
      second: 21,
      reason: "update.memory",
    },
  );
});

test("memory that grows and grows is a leak; what settles, swings or grows slowly is none", (t) => {
  const by = (bytes: (second: number) => number) =>
    trialOf((s) => ({ residentBytes: bytes(s) * MB }))?.found;
  t.like(
    by((s) => 80 + s),
    { reason: "update.memory" },
  );
  t.deepEqual(
    by((s) => 80 + Math.min(60, s * 3)),
    healthy("online"),
  );
  t.deepEqual(
    by((s) => 90 + 40 * Math.sin(s)),
    healthy("online"),
  );
  t.deepEqual(
    by((s) => 90 + s / 20),
    healthy("online"),
  );
});

test("where nobody left what did well before, something must: one bus and the buffer", (t) => {
  const before = null;
  const off = { health: { buses: ["line-a"], destinations: [] } };
  t.like(
    trialOf(() => off, { before }),
    { found: healthy("offline") },
  );
  t.like(
    trialOf(() => ({ health: { buses: [], destinations: [] } }), { before }),
    {
      reason: "update.bus-lost",
    },
  );
  t.like(
    trialOf(() => ({ isStoring: false }), { before }),
    { reason: "update.buffer" },
  );
});
