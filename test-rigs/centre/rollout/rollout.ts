import type { VersionClaims } from "../../../edge/core/version-proof.ts";
import type { Maintenance } from "./maintenance.ts";
import { openForMs } from "./maintenance.ts";
import { ringOf, shareOf } from "./membership.ts";
import type { Plan, Ring } from "./plan.ts";

/**
 * Time that the centre has watched the fleet, in milliseconds: it stands still while there is no
 * session with the broker, and while the centre does not run. By it all deadlines are counted, so
 * that the centre's own absence, or a wrong clock, lets nobody fail and nothing go on.
 */
export type WatchedMs = number & { readonly __brand: "WatchedMs" };

/** A gateway, as the rollouts see it. */
export type Gateway = {
  readonly gateway: string;
  readonly hardware: string;
  readonly channel: string;
  /** Kind of board, by which canaries are chosen; null where nobody told. */
  readonly kind: string | null;
  readonly maintenance: Maintenance | null;
  /** Whether it has an identity to prove something with. */
  readonly hasIdentity: boolean;
  readonly isOnline: boolean;
  /** Since when it has been that, or has not. */
  readonly since: WatchedMs;
  /** What it proved last. */
  readonly proved: VersionClaims | null;
};

/** How far one gateway is in one rollout. Those that have had no order have no task. */
export type Task = {
  readonly gateway: string;
  readonly ring: number;
  /**
   * `ordered` and not answered; `taken` by the gateway; `proved` after the commit; `failed`; or
   * `cancelled` before it was known to have begun: by an abort, or as it took no order.
   */
  readonly state: "ordered" | "taken" | "proved" | "failed" | "cancelled";
  /** From 1; a refusal that says nothing against the release makes one more. */
  readonly attempt: number;
  /** When it was ordered first while the gateway was there: from then its deadline counts. */
  readonly ordered: WatchedMs;
  /** When the order was sent last. */
  readonly sent: WatchedMs;
  /** Why it is as it is: a word, or a code of the error table. */
  readonly reason: string | null;
};

/** A rollout, and how far it is. */
export type Rollout = {
  readonly plan: Plan;
  /** Makes its memberships and nonces its own. */
  readonly salt: string;
  readonly state: "running" | "paused" | "stopped" | "aborted" | "done";
  /** Why it is in that state, or null. */
  readonly reason: string | null;
  /** The ring that has its turn, from 0. */
  readonly ring: number;
  /** When a ring or a task of it changed last: from then the soak counts. */
  readonly changed: WatchedMs;
  readonly tasks: ReadonlyMap<string, Task>;
};

/** What is to be done next, in this order. */
export type Step =
  | { readonly kind: "order"; readonly gateway: string; readonly ring: number }
  /** The same order once more, as the one before may have got lost. */
  | { readonly kind: "send"; readonly gateway: string }
  | { readonly kind: "fail"; readonly gateway: string; readonly reason: string }
  | { readonly kind: "stop"; readonly reason: string }
  | { readonly kind: "ring"; readonly ring: number }
  | { readonly kind: "finish" };

/** How a ring stands. All but `waiting` and `cancelled` were touched. */
export type Tally = {
  /** Those that the rollout is for. */
  readonly members: number;
  readonly waiting: number;
  /** Of those the ones that could be ordered now. */
  readonly ready: number;
  readonly inFlight: number;
  readonly dark: number;
  readonly proved: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Ordered, whatever came of it. */
  readonly touched: number;
};

/** The centre's time: what it watched, and its wall clock, for maintenance windows alone. */
export type Now = { readonly watched: WatchedMs; readonly wall: number };

/** Less than that of a window is not worth beginning in, in milliseconds. */
const WINDOW_LEFT_MIN_MS = 60_000;

/** Whether the rollout is for `gateway` at all. */
export function isMeant({ plan }: Rollout, gateway: Gateway): boolean {
  const { hardware, channel, hasIdentity, proved } = gateway;
  const fits = hardware === plan.hardware && channel === plan.channel && hasIdentity;
  return fits && (proved?.counter ?? 0) <= plan.counter;
}

/** Whether `gateway` has proved the release and keeps it. */
export function isThere({ release }: Plan, { proved }: Gateway): boolean {
  return proved?.release === release && !proved.trial;
}

/** Whether `task` is neither ended nor given up. */
export function isInFlight({ state }: Task): boolean {
  return state === "ordered" || state === "taken";
}

/** What is to be done at `now`; nothing of a rollout that is over but to see its last tasks end. */
export function stepsOf(rollout: Rollout, fleet: Iterable<Gateway>, now: Now): readonly Step[] {
  const all = [...fleet];
  const late = lateOnes(rollout, all, now);
  if (late.length > 0) return late;
  if (rollout.state !== "running") return [];
  const rings = byRing(rollout, all);
  const excess = excessOf(rollout, rings, now);
  if (excess !== null) return [{ kind: "stop", reason: excess }];
  const orders = ordersOf(rollout, rings, now);
  return orders.length > 0 ? orders : turnOf(rollout, rings, now);
}

/** How ring `at` stands at `now`. */
export function tallyOf(
  rollout: Rollout,
  members: readonly Gateway[],
  { watched, wall }: Now,
): Tally {
  let [waiting, ready, inFlight, dark, proved, failed, cancelled, touched] = [
    0, 0, 0, 0, 0, 0, 0, 0,
  ];
  for (const gateway of members) {
    const task = rollout.tasks.get(gateway.gateway);
    if (task !== undefined && task.state !== "cancelled") touched++;
    if (task === undefined && isThere(rollout.plan, gateway)) proved++;
    else if (task === undefined) {
      waiting++;
      if (isReady(gateway, wall)) ready++;
    } else if (task.state === "proved") proved++;
    else if (task.state === "failed") failed++;
    else if (task.state === "cancelled") cancelled++;
    else {
      inFlight++;
      if (isDark(rollout.plan, gateway, task, watched)) dark++;
    }
  }
  const { length } = members;
  return { members: length, waiting, ready, inFlight, dark, proved, failed, cancelled, touched };
}

/** The gateways that the rollout is for, by their rings; one with a task stays in its ring. */
export function byRing(
  rollout: Rollout,
  fleet: Iterable<Gateway>,
): readonly (readonly Gateway[])[] {
  const { plan, salt, tasks } = rollout;
  const rings: Gateway[][] = plan.rings.map(() => []);
  for (const gateway of fleet) {
    const task = tasks.get(gateway.gateway);
    if (task === undefined && !isMeant(rollout, gateway)) continue;
    rings[task?.ring ?? ringOf(plan, salt, gateway.gateway)]?.push(gateway);
  }
  return rings;
}

/** Who had a deadline and let it pass. Silence is no excuse. */
function lateOnes(
  { plan, tasks }: Rollout,
  fleet: readonly Gateway[],
  { watched }: Now,
): readonly Step[] {
  return fleet.flatMap(({ gateway, isOnline }): readonly Step[] => {
    const task = tasks.get(gateway);
    if (task === undefined || !isInFlight(task)) return [];
    const { deadlineMs } = ringAt(plan, task.ring);
    if (watched - task.ordered < deadlineMs) return [];
    return [{ kind: "fail", gateway, reason: isOnline ? "unproved" : "silent" }];
  });
}

/** Why no more may be ordered: a ring that has or had its turn failed too often; null for no reason. */
function excessOf(
  rollout: Rollout,
  rings: readonly (readonly Gateway[])[],
  now: Now,
): string | null {
  for (const [at, members] of rings.slice(0, rollout.ring + 1).entries()) {
    const { failed, dark } = tallyOf(rollout, members, now);
    const { maxFailurePercent, maxDarkPercent } = ringAt(rollout.plan, at);
    if (failed > (members.length * maxFailurePercent) / 100) return "failures";
    if (dark > (members.length * maxDarkPercent) / 100) return "dark";
  }
  return null;
}

/** Who is ordered next, canaries first, and who is sent the order anew. */
function ordersOf(
  rollout: Rollout,
  rings: readonly (readonly Gateway[])[],
  { watched, wall }: Now,
): readonly Step[] {
  const { plan, salt, tasks, ring: current } = rollout;
  const steps: Step[] = [];
  for (const { gateway, maintenance, isOnline } of rings.flat()) {
    const task = tasks.get(gateway);
    const isLost = task?.state === "ordered" && watched - task.sent >= plan.orderLifeMs;
    if (isLost && isOnline && isOpen(maintenance, wall)) steps.push({ kind: "send", gateway });
  }
  let inFlight = [...tasks.values()].filter(isInFlight).length;
  const { wave } = ringAt(plan, current);
  for (const [at, members] of rings.slice(0, current + 1).entries()) {
    const waiting = members.filter((each) => !tasks.has(each.gateway));
    const ready = waiting.filter((each) => isReady(each, wall) && !isThere(plan, each));
    let left = at < current ? Number.POSITIVE_INFINITY : leftOf(rollout, members);
    for (const { gateway } of inTurn(plan, salt, ready)) {
      if (inFlight >= wave || left <= 0) break;
      steps.push({ kind: "order", gateway, ring: at });
      inFlight++;
      left--;
    }
  }
  return steps;
}

/** How many more may be ordered while this ring has its turn. */
function leftOf({ plan, ring, tasks }: Rollout, members: readonly Gateway[]): number {
  const { most } = ringAt(plan, ring);
  if (most === null) return Number.POSITIVE_INFINITY;
  return most - members.filter(({ gateway }) => tasks.has(gateway)).length;
}

function inTurn(
  { canaries }: Plan,
  salt: string,
  gateways: readonly Gateway[],
): readonly Gateway[] {
  const rank = ({ gateway }: Gateway) => (canaries.includes(gateway) ? -1 : shareOf(salt, gateway));
  return gateways.toSorted((a, b) => rank(a) - rank(b));
}

/** The next ring's turn, or the end, where this ring is through and has been looked at for long. */
function turnOf(
  rollout: Rollout,
  rings: readonly (readonly Gateway[])[],
  now: Now,
): readonly Step[] {
  const { plan, ring: current, changed } = rollout;
  const { leastProvedPercent, soakMs } = ringAt(plan, current);
  const members = rings[current] ?? [];
  const { inFlight, ready, proved, waiting } = tallyOf(rollout, members, now);
  const isAtMost = leftOf(rollout, members) <= 0;
  if (inFlight > 0 || (ready > 0 && !isAtMost)) return [];
  // A share of nobody is no proof; later rings may well be empty.
  const share = isAtMost ? (plan.rings[current]?.most ?? 0) : members.length;
  const needed = Math.max(current === 0 ? 1 : 0, Math.ceil((share * leastProvedPercent) / 100));
  if (proved < needed) return [];
  if (now.watched - changed < soakMs) return [];
  if (current + 1 < rings.length) return [{ kind: "ring", ring: current + 1 }];
  const isLeft = waiting > 0 || [...rollout.tasks.values()].some(isInFlight);
  return isLeft ? [] : [{ kind: "finish" }];
}

/** Whether `gateway` went silent after its order, and has been for too long. */
function isDark(
  { darkAfterMs }: Plan,
  { isOnline, since }: Gateway,
  { ordered }: Task,
  watched: WatchedMs,
): boolean {
  return !isOnline && watched - Math.max(since, ordered) >= darkAfterMs;
}

function isReady({ isOnline, maintenance }: Gateway, wall: number): boolean {
  return isOnline && isOpen(maintenance, wall);
}

function isOpen(maintenance: Maintenance | null, wall: number): boolean {
  return openForMs(maintenance, wall) >= WINDOW_LEFT_MIN_MS;
}

function ringAt({ rings }: Plan, at: number): Ring {
  const ring = rings[at];
  if (ring === undefined) throw new Error(`the plan has no ring ${at}`);
  return ring;
}
