import { keptUntil, lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence, Invariant } from "./invariants.ts";
import { HEALTH_MS } from "./updates.ts";

/** What is permitted hangs on what stood for at least so long around that, in milliseconds. */
const NEAR_MS = 50;
/** A step is told within this, when all is calm, in milliseconds. */
const TOLD_MS = 30_000;
/** A candidate says what it is within this behind its window: a refused write is tried again. */
const SAID_MS = 15_000;

/** What holds of a gateway's part in its being replaced. */
export const UPDATING: readonly Invariant[] = [
  { name: "every step of an update is told once, in order", check: findUntoldStep },
  {
    name: "no restart is permitted while an alarm stands or an interlock acts",
    check: findFalsePermit,
  },
  { name: "a release on trial says what it is found to be", check: findSilentTrial },
];

const STEPS: ReadonlySet<string> = new Set(
  ["installed", "activated", "committed", "rolled-back"].map((step) => `update.${step}`),
);

function findUntoldStep({ updates, storedEvents, end }: Evidence): string | null {
  const told = storedEvents.flatMap(({ event }) => {
    const isStep = event.kind === "gateway" && STEPS.has(event.cause ?? "");
    return isStep ? [`${event.cause} ${event.detail?.release}`] : [];
  });
  for (const [index, { text, at }] of updates.steps.entries()) {
    if (told[index] === undefined && at > end - TOLD_MS) continue;
    if (told[index] !== text) return `step ${index} was ${text} at ${at}, told is ${told[index]}`;
  }
  const beyond = told[updates.steps.length];
  return beyond === undefined ? null : `${beyond} is told, and was not done, or not again`;
}

/** In these an alarm is in the way, and an interlock is not. */
const STANDING: ReadonlySet<string> = new Set([
  ...["unacknowledged", "acknowledged", "latched-unacknowledged", "latched-acknowledged"],
]);
const AT_REST: ReadonlySet<string> = new Set(["idle", "overridden"]);
/** How an interlock begins: what blocked it in the run before has not been measured yet. */
const REST = { to: "idle", isBar: false };

function findFalsePermit(evidence: Evidence): string | null {
  const moves = evidence.storedEvents.flatMap(({ event }) => {
    if (event.kind !== "alarm" && event.kind !== "interlock") return [];
    const name = event.kind === "alarm" ? event.alarm : event.interlock;
    const isBar = event.kind === "alarm" ? STANDING.has(event.to) : !AT_REST.has(event.to);
    return [{ of: `${event.kind} ${name}`, to: event.to, isBar, at: uptimeOf(event.at) }];
  });
  const isForgotten = ({ to, at }: { readonly to: string; readonly at: number }, now: number) =>
    to === "blocked" && lifeAt(evidence, at) !== lifeAt(evidence, now);
  const all = Map.groupBy(moves, ({ of }) => of);
  for (const { at, permitted, reason } of evidence.updates.permissions) {
    const life = evidence.lives[lifeAt(evidence, at)];
    // What of its moves was never stored nobody knows.
    if (life === undefined || at > keptUntil(evidence, life)) continue;
    const bars = [...all.values()].map((own) => {
      const near = own.filter((each) => Math.abs(each.at - at) <= NEAR_MS);
      const before = own.findLast((each) => each.at < at - NEAR_MS);
      const last = before === undefined ? [] : [isForgotten(before, at) ? REST : before];
      const may = [...near, ...last];
      return { of: own[0]?.of, mustBar: may.length > 0 && may.every(({ isBar }) => isBar), may };
    });
    const bar = bars.find(({ mustBar }) => mustBar);
    if (permitted && bar !== undefined) {
      return `a restart was permitted at ${at}, and ${bar.of} was ${bar.may[0]?.to}`;
    }
    const isJust = bars.some(({ may }) => may.some(({ isBar }) => isBar));
    if (!permitted && !isJust)
      return `a restart was refused at ${at}: ${reason}, and nothing stood`;
  }
  return null;
}

function findSilentTrial({ updates, diskFull }: Evidence): string | null {
  const silent = updates.trials.find(({ from, to, verdict }) => {
    const isRefused = diskFull.some((each) => each.from < to && (each.to ?? Infinity) > from);
    return verdict === null && !isRefused && to - from > HEALTH_MS + SAID_MS;
  });
  if (silent === undefined) return null;
  const { release, from, to } = silent;
  return `${release} ran from ${from} to ${to} and did not say whether it does well`;
}
