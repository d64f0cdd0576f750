import type { VersionClaims } from "../../../edge/core/version-proof.ts";
import { Random } from "../../sim/random.ts";
import type { Maintenance } from "../rollout/maintenance.ts";
import { openForMs } from "../rollout/maintenance.ts";
import { nonceOf, ringOf } from "../rollout/membership.ts";
import { type Plan, readPlan } from "../rollout/plan.ts";
import {
  type Gateway,
  type Now,
  type Rollout,
  stepsOf,
  type WatchedMs,
} from "../rollout/rollout.ts";
import { type Report, reported, stepped, type Wish, wished, withTask } from "../rollout/turns.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEP_MS = 5 * MINUTE_MS;

/** What decides: the real rules, or one of them replaced by a wrong one. */
export type Rules = {
  readonly stepsOf: typeof stepsOf;
  readonly reported: typeof reported;
  readonly wished: typeof wished;
};

export const RULES: Rules = { stepsOf, reported, wished };

/** What becomes of a gateway that takes an order, and when, in milliseconds after it. */
type Fate = {
  readonly kind: "commits" | "dies" | "silent" | "hangs" | "lapses";
  readonly takesMs: number;
  readonly provesMs: number;
  readonly lapsesMs: number;
};

/** A simulated gateway: its truth, and what the centre has heard. */
type Member = {
  readonly gateway: string;
  /** The ring that it must be in. */
  readonly ring: number;
  /** Of its order. */
  readonly nonce: string;
  readonly fate: Fate;
  readonly maintenance: Maintenance | null;
  /** When it has no line, from and to. */
  readonly away: readonly (readonly [number, number])[];
  orderedAt: number | null;
  orders: number;
  isRunningNew: boolean;
  isGone: boolean;
  proved: VersionClaims | null;
  isOnline: boolean;
  since: number;
};

/**
 * A rollout over a random fleet with random faults, in steps of five minutes for two days; all of
 * it by `seed`. Returns what was done that must never be, as one who knows the truth sees it.
 */
export function violationsOf(seed: number, rules: Rules): readonly string[] {
  const random = new Random(seed);
  const plan = drawPlan(random.stream("plan"));
  const salt = `salt-${seed}`;
  const members = drawFleet(random.stream("fleet"), plan, salt);
  const wishes = drawWishes(random.stream("wishes"));
  const found = new Set<string>();
  let rollout: Rollout = {
    plan,
    salt,
    state: "running",
    reason: null,
    ring: 0,
    changed: 0 as WatchedMs,
    tasks: new Map(),
  };
  let wasAborted = false;
  for (let at = 0; at < 48 * HOUR_MS; at += STEP_MS) {
    if (rollout.state === "done") break;
    const now: Now = { watched: at as WatchedMs, wall: at };
    for (const member of members) {
      live(member, at);
      for (const report of newsOf(member, at, plan)) {
        rollout = heard(rollout, member, report, now, rules);
      }
    }
    for (const [when, wish] of wishes) {
      if (when !== at) continue;
      const next = rules.wished(rollout, wish, now);
      if (wish === "abort" && next !== null) wasAborted = true;
      rollout = next ?? rollout;
    }
    const excess = excessIn(members, plan, at);
    for (let round = 0; round < 20; round++) {
      const steps = rules.stepsOf(rollout, members.map(seen), now);
      if (steps.length === 0) break;
      for (const step of steps) {
        rollout = stepped(rollout, step, now);
        // Later it may fall behind again, within what may fail.
        if (step.kind === "ring" && !isProved(step.ring - 1, members, plan)) {
          found.add("a ring went before the one before it was proved");
        }
        if (step.kind !== "order") continue;
        const member = members.find(({ gateway }) => gateway === step.gateway);
        if (member === undefined) continue;
        for (const what of wrongWith(member, at)) found.add(what);
        if (member.ring > rollout.ring) found.add("ordered before the turn of its ring");
        if (wasAborted) found.add("ordered after an abort");
        if (excess !== null) found.add(`ordered in spite of ${excess}`);
        member.orderedAt = at;
        member.orders++;
        if (member.orders > 1) found.add("ordered twice");
      }
    }
  }
  return [...found];
}

function drawFleet(random: Random, plan: Plan, salt: string): readonly Member[] {
  const badShare = random.pick([0, 0.02, 0.1, 0.5]);
  return Array.from({ length: random.integer(4, 40) }, (_, i): Member => {
    const isBad = random.chance(badShare);
    const kind = isBad ? random.pick(["dies", "silent", "hangs", "lapses"] as const) : "commits";
    const takesMs = random.integer(0, 2) * STEP_MS;
    const provesMs = takesMs + random.integer(1, 4) * STEP_MS;
    const lapsesMs = provesMs + random.integer(1, 30) * STEP_MS;
    const from = random.integer(0, 40) * HOUR_MS;
    const isAway = random.chance(0.15);
    return {
      gateway: `gw-${i}`,
      ring: ringOf(plan, salt, `gw-${i}`),
      nonce: nonceOf(salt, `gw-${i}`, 1),
      fate: { kind, takesMs, provesMs, lapsesMs },
      maintenance: random.chance(0.2)
        ? {
            fromMinute: random.integer(0, 1439),
            toMinute: random.integer(0, 1439),
            offsetMinutes: 0,
          }
        : null,
      away: isAway ? [[from, from + random.integer(1, 20) * HOUR_MS]] : [],
      orderedAt: null,
      orders: 0,
      isRunningNew: false,
      isGone: false,
      proved: null,
      isOnline: true,
      since: 0,
    };
  });
}

function drawPlan(random: Random): Plan {
  const shares = Array.from({ length: random.integer(0, 3) }, () => random.integer(1, 99));
  const rings = [...shares.toSorted((a, b) => a - b), 100].map((upTo) => ({
    upTo,
    wave: random.integer(1, 20),
    most: random.chance(0.3) ? random.integer(1, 10) : null,
    maxFailurePercent: random.pick([0, 5, 20]),
    maxDarkPercent: random.pick([0, 5, 20]),
    leastProvedPercent: random.pick([50, 80, 100]),
    soakMs: random.integer(0, 6) * HOUR_MS,
    deadlineMs: random.integer(12, 24) * STEP_MS,
  }));
  const plan = readPlan({
    id: "model",
    release: "2",
    counter: 2,
    hardware: "any",
    channel: "any",
    canaries: random.chance(0.5) ? ["gw-0", "gw-1"] : [],
    darkAfterMs: random.integer(2, 8) * STEP_MS,
    rings,
  });
  if ("id" in plan) return plan;
  throw new Error(plan.join("; "));
}

function drawWishes(random: Random): readonly (readonly [number, Wish])[] {
  if (random.chance(0.5)) return [];
  const at = random.integer(1, 200) * STEP_MS;
  const later = at + random.integer(1, 50) * STEP_MS;
  const first = random.pick(["pause", "abort"] as const);
  return [
    [at, first],
    [later, "resume"],
  ];
}

/** What truly becomes of `member` at `at`. */
function live(member: Member, at: number): void {
  const { fate, away, orderedAt } = member;
  const sinceMs = orderedAt === null ? -1 : at - orderedAt;
  if (orderedAt !== null && fate.kind === "silent" && sinceMs > fate.takesMs) member.isGone = true;
  const isIn = orderedAt !== null && sinceMs >= fate.provesMs;
  const isBack = fate.kind === "lapses" && sinceMs >= fate.lapsesMs;
  member.isRunningNew = isIn && !isBack && (fate.kind === "commits" || fate.kind === "lapses");
  const isOnline = !member.isGone && !away.some(([from, to]) => from <= at && at < to);
  if (isOnline !== member.isOnline) member.since = at;
  member.isOnline = isOnline;
}

/** What the centre hears of `member` at `at`. */
function newsOf(member: Member, at: number, plan: Plan): readonly Report[] {
  const { fate, orderedAt, gateway } = member;
  if (orderedAt === null || !member.isOnline) return [];
  const { nonce } = member;
  const news: Report[] = [];
  if (at - orderedAt >= fate.takesMs) {
    news.push({ kind: "result", attempt: 1, outcome: "done", code: null });
  }
  const release = member.isRunningNew ? plan.release : "1";
  const isTrial = fate.kind !== "hangs" && !member.isRunningNew && at - orderedAt < fate.provesMs;
  const claims = { gateway, slot: release, boot: "b", uptimeMs: at, at: at as never };
  const proof: VersionClaims = isTrial
    ? { ...claims, release: plan.release, counter: plan.counter, trial: true, command: nonce }
    : {
        ...claims,
        release,
        counter: Number(release),
        trial: false,
        command: member.isRunningNew ? nonce : null,
      };
  member.proved = proof;
  news.push({ kind: "proof", proof, nonces: [nonce] });
  return news;
}

function heard(rollout: Rollout, { gateway }: Member, report: Report, now: Now, rules: Rules) {
  const task = rollout.tasks.get(gateway);
  if (task === undefined) return rollout;
  const next = rules.reported(task, report, rollout.plan.release, now);
  return next === task ? rollout : withTask(rollout, next, now.watched);
}

function seen(member: Member): Gateway {
  const { gateway, maintenance, isOnline, since, proved } = member;
  const kind = { hardware: "any", channel: "any", kind: null, hasIdentity: true };
  return { gateway, ...kind, maintenance, isOnline, since: since as WatchedMs, proved };
}

/** Whether `member` has had its time, and does not run the release for good, as its truth is. */
function hasFailed({ orderedAt, isRunningNew, fate }: Member, deadlineMs: number, at: number) {
  if (orderedAt === null) return false;
  const isLapsed = fate.kind === "lapses" && at - orderedAt >= fate.lapsesMs;
  return isLapsed || (at - orderedAt > deadlineMs && !isRunningNew);
}

/** Which limit a ring is truly beyond at `at`; null for none. */
function excessIn(members: readonly Member[], plan: Plan, at: number): string | null {
  for (const [number, ring] of plan.rings.entries()) {
    const own = members.filter((each) => each.ring === number);
    // Who lapses unheard, being away, is not known to.
    const failed = own.filter(
      (each) =>
        (each.isOnline || each.fate.kind !== "lapses") && hasFailed(each, ring.deadlineMs, at),
    );
    if (failed.length > (own.length * ring.maxFailurePercent) / 100) return "failures";
    const dark = own.filter(
      ({ orderedAt, isGone, since }) =>
        orderedAt !== null &&
        isGone &&
        at - Math.max(since, orderedAt) >= plan.darkAfterMs &&
        at - orderedAt < ring.deadlineMs,
    );
    if (dark.length > (own.length * ring.maxDarkPercent) / 100) return "dark";
  }
  return null;
}

/** What is wrong with ordering `member` at `at`. */
function wrongWith(member: Member, at: number): readonly string[] {
  const wrong: string[] = [];
  if (!member.isOnline) wrong.push("ordered while away");
  if (openForMs(member.maintenance, at) <= 0) wrong.push("ordered outside its window");
  return wrong;
}

/** Whether enough of ring `number` truly run the release, or did when they were heard last. */
function isProved(number: number, members: readonly Member[], plan: Plan): boolean {
  const own = members.filter(({ ring }) => ring === number);
  const { most, leastProvedPercent } = plan.rings[number] ?? { most: null, leastProvedPercent: 0 };
  const needed = Math.ceil((Math.min(most ?? own.length, own.length) * leastProvedPercent) / 100);
  const proven = own.filter(
    ({ isRunningNew, proved }) =>
      isRunningNew || (proved?.release === plan.release && !proved.trial),
  );
  return proven.length >= needed;
}
