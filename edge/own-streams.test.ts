import test from "ava";
import type { Batch } from "./core/batch.ts";
import type { GatewayEvent } from "./core/event.ts";
import { NOTHING_DROPPED } from "./core/ledger.ts";
import type { QueueState } from "./core/queue.ts";
import type { Selection } from "./core/selection.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { OwnStreams } from "./own-streams.ts";

const MINUTE = 60_000;
const at = (ms: number) => ({ uptime: ms as UptimeMs, wallAt: ms });

function queue(number: number, kind: QueueState["kind"]): QueueState {
  const stream = { stream: `S-${number}`, isCurrent: true, start: 0, head: 0, tail: 1 };
  return { number, destination: "c", kind, ...stream, delivered: [], mark: null, heldFrom: null };
}

/** A batch in which each of `points` has one reading. */
function batchOf(ms: number, ...points: readonly string[]): Batch {
  const series = points.map((point) => ({ point, unit: null, t: [0], v: [ms], q: null }));
  return { at: ms as WallMs, clock: "synced", series, uptime: ms as UptimeMs };
}

function event(subject: string): GatewayEvent {
  const turn = { from: "a", to: "b", cause: "c" };
  return { kind: "bus", subject, ...turn, at: 0 as WallMs, clock: "synced" };
}

/** What a destination `c` with `selection` and these queues has of its own. */
async function open(
  selection: Selection,
  queues: readonly QueueState[],
  rows: readonly { readonly seq: number; readonly batch: Batch }[] = [],
): Promise<OwnStreams> {
  const readStored = async (from: number, limit: number) =>
    rows
      .filter(({ seq }) => seq >= from)
      .slice(0, limit)
      .map((row) => ({ ...row, isOfThisBoot: true }));
  const parts = { destinations: [{ name: "c", selection }], lateMsOf: () => 1000 };
  const heads = { readings: rows.length, events: 0 };
  return await OwnStreams.open(parts, { readStored }, { queues, heads });
}

const some = { rule: "", points: new Set(["a.b"]), everyMs: null };
const committed = { batches: [1, 2], dropped: NOTHING_DROPPED };

test("of each batch the selected readings are queued, and their seqs are told with them", async (t) => {
  const own = await open({ readings: some, events: null }, [queue(1, "readings")]);
  const batches = [batchOf(1, "a.x"), batchOf(2, "a.b", "a.x")];
  const plan = own.plan(batches, [], at(3));
  const batch = batchOf(2, "a.b");
  const rows = [{ batch, origin: { index: 1 } }];
  t.deepEqual(plan.queued, [{ queue: 1, batches: rows, events: [], mark: null }]);
  const queues = [{ queue: 1, seqs: [7], heldFrom: null }];
  t.deepEqual(own.stored(plan, [], { ...committed, queues }), [
    { queue: 1, batches: [{ seq: 7, batch }], events: [], heldFrom: null },
  ]);
});

test("selected events are named by their places in the commit", async (t) => {
  const buses = { rule: "", kinds: new Set(["bus"] as const), severity: null, alarms: null };
  const own = await open({ readings: null, events: buses }, [queue(1, "events")]);
  const other = { ...event("x"), kind: "device" } as const;
  t.like(own.plan([], [other, event("line")], at(3)).queued, [{ queue: 1, events: [1] }]);
});

test("a commit of which nothing is selected adds nothing to a queue", async (t) => {
  const own = await open({ readings: some, events: null }, [queue(1, "readings")]);
  t.deepEqual(own.plan([batchOf(1, "a.x")], [event("line")], at(2)).queued, []);
});

test("a commit that failed has told no window: what it held is in the next", async (t) => {
  const windows = { ...some, everyMs: MINUTE };
  const own = await open({ readings: windows, events: null }, [queue(1, "readings")]);
  const batches = [batchOf(1, "a.b"), batchOf(2, "a.b")];
  const nOf = (plan: ReturnType<OwnStreams["plan"]>) =>
    plan.queued.flatMap((each) => each.batches.map(({ batch }) => batch.series[0]?.thinned?.n));
  t.deepEqual(nOf(own.plan(batches, [], at(MINUTE + 1000))), [[2]]);
  const again = own.plan(batches, [], at(MINUTE + 2000));
  t.deepEqual(nOf(again), [[2]]);
  own.stored(again, [], committed);
  t.deepEqual(own.plan([], [], at(MINUTE + 3000)).queued, []);
});

test("a commit whose readings were refused has told no window, and counts none of them", async (t) => {
  const windows = { ...some, everyMs: MINUTE };
  const own = await open({ readings: windows, events: null }, [queue(1, "readings")]);
  own.stored(own.plan([batchOf(1, "a.b")], [], at(2)), [], { ...committed, batches: [1] });
  const full = own.plan([batchOf(2, "a.b")], [], at(MINUTE + 1000));
  t.is(full.queued[0]?.batches.length, 1);
  const refused = { readings: 1, fromAt: 2, toAt: 2 };
  const dropped = { ...NOTHING_DROPPED, refused };
  own.stored(full, [], { batches: [], dropped, queues: [{ queue: 1, seqs: [], heldFrom: null }] });
  const [next] = own.plan([], [], at(MINUTE + 2000)).queued;
  t.deepEqual(next?.batches[0]?.batch.series[0]?.thinned?.n, [1]);
  t.deepEqual(next?.batches[0]?.origin, { seq: 1 });
});

test("the first commit says from where windows begin, later ones only when one was told", async (t) => {
  const windows = { ...some, everyMs: MINUTE };
  const own = await open({ readings: windows, events: null }, [queue(1, "readings")]);
  const first = own.plan([batchOf(1, "a.b")], [], at(2));
  t.like(first.queued, [{ queue: 1, batches: [], mark: { since: 0, untilAt: 0 } }]);
  own.stored(first, [], { ...committed, batches: [1] });
  t.deepEqual(own.plan([batchOf(3, "a.b")], [], at(4)).queued, []);
});

test("windows that were not over are built again from what the ledger holds behind the mark", async (t) => {
  const windows = { ...some, everyMs: MINUTE };
  const mark = { since: 1, untilAt: MINUTE, unsynced: null, head: 2, isOfThisBoot: true };
  const rows = [batchOf(5, "a.b"), batchOf(MINUTE + 5, "a.b"), batchOf(MINUTE + 6, "a.b", "a.x")];
  const own = await open(
    { readings: windows, events: null },
    [{ ...queue(1, "readings"), mark }],
    rows.map((batch, i) => ({ seq: i + 1, batch })),
  );
  const [queued] = own.plan([], [], at(2 * MINUTE + 1000)).queued;
  t.is(queued?.batches.length, 1);
  t.deepEqual(queued?.batches[0]?.batch.series[0]?.thinned?.n, [2]);
  t.deepEqual(queued?.batches[0]?.origin, { seq: 3 });
});
