import type { TalkPointConfig } from "../../config/gateway-config.ts";
import type { Got } from "../sim/received.ts";
import type { TalkTruth } from "../sim/talker-line.ts";
import { keptUntil, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** How long a start takes until a line was tried, and how late a reading may be, in milliseconds. */
const START_MS = 500;
const LATE_MS = 50;

/** Looks for a good value that its sensor did not say at the time that stands with it. */
export function findFalseTalk({ talks }: Evidence, readings: readonly Got[]): string | null {
  const heard = new Map<string, number>();
  for (const { said } of talks.values()) {
    for (const { values, isIntact, deliveredWall } of said) {
      if (!isIntact || deliveredWall === null) continue;
      for (const [point, value] of values) heard.set(`${point} at ${deliveredWall}`, value);
    }
  }
  for (const { point, at, value, quality } of readings) {
    if (quality !== "good" || !talks.has(deviceOf(point))) continue;
    const said = heard.get(`${point} at ${at}`);
    if (said !== value) {
      return `${point} at ${at} is ${value}, good; its sensor then said ${said ?? "nothing"}`;
    }
  }
  return null;
}

function deviceOf(point: string): string {
  return point.split(".")[0] as string;
}

/**
 * Looks for a message that became no reading, nor a later one of its period; and for a time longer
 * than a sensor may be silent without any reading, be it a bad one.
 */
export function findUnheardTalk(evidence: Evidence, readings: readonly Got[]): string | null {
  const times = Map.groupBy(readings, ({ point }) => point);
  for (const { from, to, isKilled, config } of evidence.lives) {
    const life = { from, to, isKilled, config };
    const until = keptUntil(evidence, life);
    for (const point of config.talkers.flatMap((talker) => talker.points)) {
      const own = (times.get(point.id) ?? [])
        .map(({ at }) => uptimeOf(at))
        .filter((at) => at >= from - 1 && at <= (to ?? evidence.end))
        .toSorted((a, b) => a - b);
      const said = evidence.talks.get(point.device)?.said ?? [];
      const unheard =
        findUnheard(said, own, point, from, until) ?? findHole(own, point, from, until);
      if (unheard !== null) return `${point.id}, told every ${point.everyMs} ms, ${unheard}`;
    }
  }
  return null;
}

function findUnheard(
  said: readonly TalkTruth[],
  times: readonly number[],
  { everyMs }: TalkPointConfig,
  from: number,
  until: number,
): string | null {
  const most = everyMs + LATE_MS;
  for (const [index, { deliveredAt }] of said.entries()) {
    // What comes behind half a message, or behind an opening, may look like the rest of one.
    const two = said.slice(Math.max(0, index - 1), index + 1);
    const isPlain = two.every(isUndisturbed) && two[0]?.opening === two[1]?.opening;
    if (!isPlain || deliveredAt === null) continue;
    if (deliveredAt < from || deliveredAt + most > until) continue;
    const isTold = times.some((at) => at >= deliveredAt - 1 && at <= deliveredAt + most);
    if (!isTold) return `has no reading for what was said at ${deliveredAt}`;
  }
  return null;
}

function isUndisturbed({ fault, isIntact, deliveredAt }: TalkTruth): boolean {
  return fault === null && isIntact && deliveredAt !== null;
}

function findHole(
  times: readonly number[],
  { everyMs, silentAfterMs }: TalkPointConfig,
  from: number,
  until: number,
): string | null {
  const most = silentAfterMs + everyMs + START_MS;
  let last = from;
  for (const at of [...times.filter((each) => each <= until), until]) {
    if (at - last > most) return `has no reading from ${last} to ${at}`;
    last = at;
  }
  return null;
}

/** Looks for a point without a good reading for too long while all is calm, from `from` on. */
export function findSilentTalk(
  { talks, config, calmFrom, end }: Evidence,
  readings: readonly Got[],
  from: number,
): string | null {
  const to = calmFrom.wall + (end - calmFrom.uptime);
  for (const { id, device, everyMs } of config.talkers.flatMap(({ points }) => points)) {
    const most = 2 * Math.max(everyMs, talks.get(device)?.sayMs ?? 0) + 1000;
    const good = readings.filter((each) => each.point === id && each.quality === "good");
    const times = [from, ...good.map(({ at }) => at).filter((at) => at >= from), to];
    const hole = times.findIndex((at, i) => at - (times[i - 1] ?? at) > most);
    if (hole > 0) return `${id} has no good reading from ${times[hole - 1]} to ${times[hole]}`;
  }
  return null;
}
