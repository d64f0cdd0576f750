import type { Dropped, Refused, Thinning } from "./ledger.ts";
import type { QueueDrop } from "./queue.ts";
import { union, without } from "./seq-set.ts";

/** Both of what could not be kept. */
export function plus(one: Dropped, other: Dropped): Dropped {
  return {
    readings: union(one.readings, other.readings),
    events: union(one.events, other.events),
    thinned: other.thinned.reduce(withThinning, one.thinned),
    aged: {
      readings: union(one.aged.readings, other.aged.readings),
      events: union(one.aged.events, other.aged.events),
    },
    refused: sumOf(one.refused, other.refused),
    ...queuedPart((other.queued ?? []).reduce(withDrop, one.queued ?? [])),
  };
}

/** What could not be kept, but for `told`. */
export function minus(all: Dropped, told: Dropped): Dropped {
  return {
    readings: without(all.readings, told.readings),
    events: without(all.events, told.events),
    thinned: all.thinned.flatMap((thinning) => restOf(thinning, told.thinned)),
    aged: {
      readings: without(all.aged.readings, told.aged.readings),
      events: without(all.aged.events, told.aged.events),
    },
    refused: differenceOf(all.refused, told.refused),
    ...queuedPart((all.queued ?? []).flatMap((drop) => undropped(drop, told.queued ?? []))),
  };
}

function queuedPart(queued: readonly QueueDrop[]): Pick<Dropped, "queued"> {
  return queued.length === 0 ? {} : { queued };
}

function withDrop(all: readonly QueueDrop[], more: QueueDrop): readonly QueueDrop[] {
  const same = all.find(({ queue }) => queue === more.queue);
  const rest = all.filter((each) => each !== same);
  return [...rest, { ...more, seqs: union(same?.seqs ?? [], more.seqs) }];
}

function undropped(drop: QueueDrop, told: readonly QueueDrop[]): readonly QueueDrop[] {
  const same = told.find(({ queue }) => queue === drop.queue);
  const seqs = without(drop.seqs, same?.seqs ?? []);
  return seqs.length === 0 ? [] : [{ ...drop, seqs }];
}

function withThinning(all: readonly Thinning[], more: Thinning): readonly Thinning[] {
  const { windowMs } = more;
  const same = all.find((each) => each.windowMs === windowMs);
  const rest = all.filter((each) => each !== same);
  if (same === undefined) return [...rest, more];
  const [seqs, into] = [union(same.seqs, more.seqs), union(same.into, more.into)];
  return [...rest, { windowMs, seqs, into }];
}

function restOf({ windowMs, ...all }: Thinning, told: readonly Thinning[]): readonly Thinning[] {
  const same = told.find((each) => each.windowMs === windowMs);
  const seqs = without(all.seqs, same?.seqs ?? []);
  return seqs.length === 0 ? [] : [{ windowMs, seqs, into: without(all.into, same?.into ?? []) }];
}

function sumOf(one: Refused | null, other: Refused | null): Refused | null {
  if (one === null || other === null) return one ?? other;
  return {
    readings: one.readings + other.readings,
    fromAt: Math.min(one.fromAt, other.fromAt),
    toAt: Math.max(one.toAt, other.toAt),
  };
}

function differenceOf(all: Refused | null, told: Refused | null): Refused | null {
  if (all === null || told === null || all.readings > told.readings) {
    return all && { ...all, readings: all.readings - (told?.readings ?? 0) };
  }
  return null;
}
