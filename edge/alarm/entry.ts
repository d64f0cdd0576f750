import { type AlarmRule, type AlarmState, SEVERITIES } from "../core/alarm.ts";
import { pointsBeside } from "../core/alarm-condition.ts";
import type { Value } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import type { Judge } from "./finding.ts";

/** A rule with where its alarm stands. */
export type Entry = {
  readonly rule: AlarmRule;
  readonly judge: Judge;
  /** Only readings of its own point have it judged. */
  readonly isAlone: boolean;
  state: AlarmState;
  /** The moment of the newest reading of its own point that was judged. */
  judgedUntil: UptimeMs;
  value: Value | null;
};

/** The points whose readings `rule` is judged by. */
export function judgedPoints(rule: AlarmRule): readonly string[] {
  const beside = pointsBeside(rule, undefined);
  // A deviation is judged with its own point, once the other one is known.
  if (rule.limit === "deviation" || beside.length === 0) {
    return rule.limit === "expression" ? [] : [rule.point];
  }
  return [...new Set(beside)];
}

/** The entries by each of the keys of each; in one group the graver come first. */
export function grouped(
  entries: readonly Entry[],
  keysOf: (entry: Entry) => readonly string[],
): ReadonlyMap<string, readonly Entry[]> {
  const pairs = entries.flatMap((entry) => keysOf(entry).map((key) => ({ key, entry })));
  const lists = Map.groupBy(pairs, ({ key }) => key);
  return new Map([...lists].map(([key, of]) => [key, graverFirst(of.map(({ entry }) => entry))]));
}

/**
 * `entries` in the order in which they are to be judged at one moment: a milder one that came first
 * would call before it is covered. Where none has a group it stays as it is in the file.
 */
export function graverFirst(entries: readonly Entry[]): readonly Entry[] {
  if (entries.every(({ rule }) => rule.group === undefined)) return entries;
  const grade = ({ rule }: Entry) => SEVERITIES.indexOf(rule.severity);
  return entries.toSorted((a, b) => grade(b) - grade(a));
}
