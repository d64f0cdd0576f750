import type { CommandKey, CommandMemory, CommandResult } from "../core/command.ts";
import type { WallMs } from "../core/time.ts";
import { AHEAD_MAX_MS, type Claims } from "./claims.ts";

/** How many ids are remembered; the counters refuse what is older. */
const IDS_MAX = 64;
/** How many keys that are not configured any more are remembered with their counters. */
const OLD_KEYS_MAX = 64;
/** The most results that may be owed, and how long they may be together, in characters. */
export const RESULTS_MAX = 32;
const RESULTS_TEXT_MAX = 512 * 1024;

const NO_RATES: CommandMemory["rates"] = { configuration: "", perS: {} };

/** Nothing is remembered: what was issued before `at` may have acted, even by a clock ahead. */
export function newMemory(at: WallMs): CommandMemory {
  const from = (at + AHEAD_MAX_MS) as WallMs;
  return { from, counters: {}, ids: [], underWay: null, results: [], rates: NO_RATES };
}

/** `memory` once a command is taken: it is never taken again. `configured` are all keys there are. */
export function taken(
  memory: CommandMemory,
  { id, counter, order }: Claims,
  key: CommandKey,
  via: string | null,
  configured: readonly CommandKey[],
): CommandMemory {
  const underWay = { id, key: key.name, counter, order: order.kind, via };
  const ids = [...memory.ids, id].slice(-IDS_MAX);
  const { [key.fingerprint]: _, ...others } = memory.counters;
  const counters = pruned({ ...others, [key.fingerprint]: counter }, configured);
  return { ...memory, ids, counters, underWay };
}

/** `counters` without those of keys that were taken out of the configuration longest ago. */
function pruned(counters: CommandMemory["counters"], configured: readonly CommandKey[]) {
  const known = new Set(configured.map(({ fingerprint }) => fingerprint));
  const old = Object.keys(counters).filter((fingerprint) => !known.has(fingerprint));
  const gone = new Set(old.slice(0, Math.max(0, old.length - OLD_KEYS_MAX)));
  return Object.fromEntries(Object.entries(counters).filter(([each]) => !gone.has(each)));
}

/** `memory` once the command under way has ended with `result`, owed to whom it came from. */
export function ended(memory: CommandMemory, result: CommandResult): CommandMemory {
  const results = result.via === null ? memory.results : [...memory.results, result];
  return { ...memory, underWay: null, results };
}

/**
 * `memory` once the command under way has ordered `release`: its outcome is owed too, once it is known.
 * The same where nothing is under way.
 */
export function ordered(memory: CommandMemory, release: string): CommandMemory {
  const { underWay } = memory;
  return underWay === null ? memory : { ...memory, update: { ...underWay, release } };
}

/** `memory` once what was ordered has ended with `result`. */
export function concluded(memory: CommandMemory, result: CommandResult): CommandMemory {
  // It stands beside the answer that said that the order was accepted: each is delivered by itself.
  const own = { ...result, id: `${result.id}/outcome` };
  const results = result.via === null ? memory.results : [...memory.results, own];
  return { ...memory, update: null, results };
}

/** `memory` once `destination` has the result of command `id`. */
export function delivered(memory: CommandMemory, destination: string, id: string): CommandMemory {
  const isLeft = (each: CommandResult) => each.via !== destination || each.id !== id;
  return { ...memory, results: memory.results.filter(isLeft) };
}

/**
 * `memory` without the results that no destination of a configuration is owed any more, and without
 * the rates that were set under another one: whoever writes a configuration has the last word.
 */
export function underConfiguration(
  memory: CommandMemory,
  configuration: string,
  destinations: ReadonlySet<string>,
): CommandMemory {
  const results = memory.results.filter(({ via }) => via !== null && destinations.has(via));
  const isOld = memory.rates.configuration !== configuration;
  return { ...memory, results, rates: isOld ? { configuration, perS: {} } : memory.rates };
}

/** Whether one more result finds room: where not, nothing may be done that has one. */
export function hasRoom({ results }: CommandMemory): boolean {
  const length = results.reduce((sum, { payload }) => sum + payload.length, 0);
  return results.length < RESULTS_MAX && length < RESULTS_TEXT_MAX;
}
