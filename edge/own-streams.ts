import type { Batch } from "./core/batch.ts";
import type { Event } from "./core/event.ts";
import type { Committed, Ledger, LedgerState } from "./core/ledger.ts";
import { type Moment, OpenWindows } from "./core/open-windows.ts";
import type { QueueCommitted, Queued, QueueState, WindowMark } from "./core/queue.ts";
import { type EventSelection, isSelected, type Selection, selectedOf } from "./core/selection.ts";

/** What became durable of one queue with a commit, in the order of the seqs. */
export type RecordedQueue = {
  readonly queue: number;
  readonly batches: readonly { readonly seq: number; readonly batch: Batch }[];
  readonly events: readonly { readonly seq: number; readonly event: Event }[];
  /** The lowest seq that waits for its time, or null. */
  readonly heldFrom: number | null;
};

/** What a commit is to add to the queues, and what is true once it is stored. */
export type OwnPlan = {
  readonly queued: readonly Queued[];
  /** The windows of each queue that has them, as they are then. */
  readonly open: ReadonlyMap<number, OpenWindows>;
};

/** A destination with a selection of its own. */
export type SelectingDestination = { readonly name: string; readonly selection: Selection };

export type OwnStreamsParts = {
  readonly destinations: readonly SelectingDestination[];
  /** How long after they were acquired readings of `points` are stored at the latest, in milliseconds. */
  readonly lateMsOf: (points: ReadonlySet<string>) => number;
};

/** So many messages are read at once. */
const CHUNK = 64;

type Rows = Pick<Queued, "batches" | "events" | "mark">;

/** What one queue is made of. */
type Own = {
  readonly queue: number;
  readonly destination: string;
  readonly points: ReadonlySet<string> | null;
  readonly events: EventSelection | null;
};

/**
 * Works out at every commit what of it goes into the queues of destinations that have streams of
 * their own: the selected readings and events, or the windows that are over.
 */
export class OwnStreams {
  readonly #own: readonly Own[];
  #open: ReadonlyMap<number, OpenWindows>;
  /** Queues of which no window was ever told: from where to begin must be known. */
  readonly #unmarked: Set<number>;
  /** The highest seq of the ledger's readings. */
  #head: number;

  private constructor(
    own: readonly Own[],
    open: ReadonlyMap<number, OpenWindows>,
    unmarked: Set<number>,
    head: number,
  ) {
    this.#own = own;
    this.#open = open;
    this.#unmarked = unmarked;
    this.#head = head;
  }

  /** Takes up the queues of `state`; windows that were not over are built again from `ledger`. */
  static async open(
    { destinations, lateMsOf }: OwnStreamsParts,
    ledger: Pick<Ledger, "readStored">,
    state: Pick<LedgerState, "queues" | "heads">,
  ): Promise<OwnStreams> {
    const open = new Map<number, OpenWindows>();
    const unmarked = new Set<number>();
    const current = (state.queues ?? []).filter(({ isCurrent }) => isCurrent);
    const own = current.flatMap((queue): readonly Own[] => {
      const of = destinations.find(({ name }) => name === queue.destination);
      const selection = of?.selection[queue.kind] ?? null;
      if (selection === null) return [];
      const isReadings = "points" in selection;
      const points = isReadings ? selection.points : null;
      if (isReadings && selection.everyMs !== null) {
        const lateMs = lateMsOf(selection.points);
        open.set(queue.number, new OpenWindows(selection.everyMs, lateMs, queue.mark));
        if (queue.mark === null) unmarked.add(queue.number);
      }
      const events = isReadings ? null : selection;
      return [{ queue: queue.number, destination: queue.destination, points, events }];
    });
    for (const queue of current) {
      const [windows, points] = [open.get(queue.number), pointsOf(own, queue)];
      if (windows !== undefined && points !== null) await rebuild(windows, points, queue, ledger);
    }
    return new OwnStreams(own, open, unmarked, state.heads.readings);
  }

  /** What a commit of `batches` and `events` at `moment` adds to the queues. */
  plan(batches: readonly Batch[], events: readonly Event[], moment: Moment): OwnPlan {
    const open = new Map<number, OpenWindows>();
    const queued = this.#own.flatMap((own): readonly Queued[] => {
      const rows = this.#rowsOf(own, batches, events, moment, open);
      const isEmpty = rows.batches.length + rows.events.length === 0 && rows.mark === null;
      return isEmpty ? [] : [{ queue: own.queue, ...rows }];
    });
    return { queued, open };
  }

  /** The commit of `plan` is stored; returns what that made of each queue. */
  stored(
    { queued, open }: OwnPlan,
    events: readonly Event[],
    { batches, queues = [], dropped }: Pick<Committed, "batches" | "queues" | "dropped">,
  ): readonly RecordedQueue[] {
    const into = dropped.thinned.map((thinning) => thinning.into.at(-1)?.to ?? 0);
    this.#head = Math.max(this.#head, batches.at(-1) ?? 0, ...into);
    // Where readings were refused no window was told: those that are over go with the next commit.
    if (dropped.refused === null && open.size > 0) {
      for (const windows of open.values()) windows.settle(batches, this.#head);
      this.#open = open;
      for (const { queue, mark } of queued) if (mark !== null) this.#unmarked.delete(queue);
    }
    return queues.map((made) => recordedQueue(made, queued, events));
  }

  #rowsOf(
    { queue, destination, points, events: wanted }: Own,
    batches: readonly Batch[],
    events: readonly Event[],
    moment: Moment,
    open: Map<number, OpenWindows>,
  ): Rows {
    if (points === null) {
      const indexes = events.flatMap((event, i) =>
        wanted !== null && isSelected(wanted, event, destination) ? [i] : [],
      );
      return { batches: [], events: indexes, mark: null };
    }
    const selected = batches.flatMap((each, index) => {
      const batch = selectedOf(each, points);
      return batch === null ? [] : [{ batch, origin: { index } }];
    });
    const windows = this.#open.get(queue)?.copy();
    if (windows === undefined) return { batches: selected, events: [], mark: null };
    open.set(queue, windows);
    for (const { batch, origin } of selected) windows.feed(batch, origin);
    const closed = windows.close(moment);
    const isMarked = closed.length > 0 || this.#unmarked.has(queue);
    const mark: WindowMark | null = isMarked ? windows.mark(this.#head) : null;
    return { batches: closed, events: [], mark };
  }
}

function pointsOf(own: readonly Own[], { number }: QueueState): ReadonlySet<string> | null {
  return own.find(({ queue }) => queue === number)?.points ?? null;
}

async function rebuild(
  windows: OpenWindows,
  points: ReadonlySet<string>,
  { mark }: QueueState,
  ledger: Pick<Ledger, "readStored">,
): Promise<void> {
  if (mark === null) return;
  for (let from = mark.since + 1; ; ) {
    const found = await ledger.readStored(from, CHUNK);
    for (const { seq, batch, isOfThisBoot } of found) {
      const selected = batch && selectedOf(batch, points);
      if (selected !== null) windows.feedAgain(selected, seq, isOfThisBoot, mark);
    }
    const last = found.at(-1);
    if (last === undefined) return;
    from = last.seq + 1;
  }
}

function recordedQueue(
  { queue, seqs, heldFrom }: QueueCommitted,
  queued: readonly Queued[],
  events: readonly Event[],
): RecordedQueue {
  const rows = queued.find((each) => each.queue === queue);
  const batches = rows?.batches ?? [];
  const indexes = rows?.events ?? [];
  // Some of the readings were refused: what has which seq is read from the ledger.
  const isKnown = seqs.length === batches.length + indexes.length;
  return {
    queue,
    batches: seqs.flatMap((seq, i) => {
      const batch = isKnown ? batches[i]?.batch : undefined;
      return batch === undefined ? [] : [{ seq, batch }];
    }),
    events: seqs.flatMap((seq, i) => {
      const event = isKnown ? events[indexes[i - batches.length] ?? -1] : undefined;
      return event === undefined ? [] : [{ seq, event }];
    }),
    heldFrom,
  };
}
