import type { AlarmMemory } from "../edge/core/alarm-memory.ts";
import type { CommandMemory } from "../edge/core/command.ts";
import type { Interlocks } from "../edge/core/interlock.ts";
import type {
  Committed,
  Counter,
  Cuts,
  Delivered,
  Dropped,
  LedgerState,
  StoredText,
  StreamKind,
  TimeNote,
} from "../edge/core/ledger.ts";
import type { Origin, Queued, QueueRule } from "../edge/core/queue.ts";
import type { ClockState, UptimeMs } from "../edge/core/time.ts";
import type { Basis } from "../edge/core/time-truth.ts";
import type { Wear } from "../edge/core/wear.ts";

/** Where the buffer is and what it may take. */
export type EngineOptions = {
  /** Directory of the database; made when it is missing. */
  readonly dir: string;
  /** The gateway whose buffer it is: another one's readings must not go out in its name. */
  readonly gateway: string;
  /** The most bytes that the stored batches and events may take. */
  readonly maxBytes: number;
  /** How long delivered batches are kept, in milliseconds of their own time. */
  readonly keepMs: number;
  /** How long anything is kept, delivered or not, in milliseconds; null for as long as there is room. */
  readonly maxAgeMs: number | null;
  /** How far before and behind an alarm's transition batches stay whole, in milliseconds. */
  readonly aroundMs: number;
  /** Bytes of the disk that the buffer leaves free; null for the usual part. */
  readonly reserveBytes: number | null;
  /** The configured destinations: only what all of them have had counts as delivered. */
  readonly destinations: readonly string[];
  /** The streams that destinations have of their own; left out where none has. */
  readonly queues?: readonly QueueRule[];
  /** Which boot of the machine this is. */
  readonly boot: string;
  /** Stream ids, used when the buffer is new. */
  readonly newStreams: Readonly<Record<StreamKind, string>>;
  /**
   * Whether the release that opens it is on trial: what that takes for damaged stays where it is, as
   * the fault may be its own, and the release before looks at it anew. Left out: it is not.
   */
  readonly isOnTrial?: boolean;
};

/** A point and unit under the number by which batches name it. */
export type SeriesRow = {
  readonly id: number;
  readonly point: string;
  readonly unit: string | null;
};

/** A commit as it goes to the engine: batches encoded, events as JSON. */
export type EngineCommit = {
  readonly series: readonly SeriesRow[];
  readonly batches: readonly {
    readonly at: number;
    readonly count: number;
    readonly clock: ClockState;
    readonly uptime: number | null;
    readonly body: Uint8Array;
  }[];
  readonly events: readonly {
    readonly at: number;
    readonly clock: ClockState;
    readonly uptime: number | null;
    readonly body: string;
  }[];
  readonly alarms: readonly AlarmMemory[];
  readonly delivered: readonly Delivered[];
  readonly tells: Dropped | null;
  readonly cuts: Cuts | null;
  readonly time: TimeNote;
  readonly interlocks: Interlocks | null;
  readonly wear: Wear | null;
  readonly commands: CommandMemory | null;
  readonly queued: readonly EngineQueued[];
  readonly counters: readonly Counter[];
};

/** What a commit adds to a queue; its events are copies of the commit's own. */
export type EngineQueued = Omit<Queued, "batches"> & {
  readonly batches: readonly (EngineCommit["batches"][number] & { readonly origin: Origin })[];
};

/** By what the time of a row is told, and of which moment it is; null for that which it says. */
export type RowTime = { readonly basis: Basis; readonly uptime: UptimeMs } | null;

/** What is asked of the engine; plain data that can be posted to a worker. */
export type EngineRequest =
  | { readonly kind: "series" }
  | { readonly kind: "commit"; readonly commit: EngineCommit }
  | { readonly kind: "batches" | "texts" | "events"; readonly from: number; readonly limit: number }
  | {
      readonly kind: "queued-texts" | "queued-events";
      readonly queue: number;
      readonly from: number;
      readonly limit: number;
    }
  | { readonly kind: "stored"; readonly from: number; readonly limit: number }
  | { readonly kind: "flush" }
  | { readonly kind: "state" }
  | { readonly kind: "close" };

/** What each request is answered with. */
export type EngineAnswers = {
  /** The rows that are not damaged, and the highest id ever given, 0 before the first. */
  readonly series: { readonly rows: readonly SeriesRow[]; readonly lastId: number };
  readonly commit: Committed;
  /** A body is null where the row is damaged. */
  readonly batches: readonly {
    readonly seq: number;
    readonly body: Uint8Array | null;
    readonly time: RowTime;
  }[];
  /** A text is null where the body is damaged, or of a series that the engine does not know. */
  readonly texts: readonly StoredText[];
  readonly events: readonly {
    readonly seq: number;
    readonly body: string | null;
    readonly time: RowTime;
  }[];
  readonly "queued-texts": readonly StoredText[];
  readonly "queued-events": EngineAnswers["events"];
  /** The batches as they were stored; `uptime` and `boot` as their rows say. */
  readonly stored: readonly {
    readonly seq: number;
    readonly body: Uint8Array | null;
    readonly uptime: number | null;
    readonly isOfThisBoot: boolean;
  }[];
  readonly flush: null;
  readonly state: LedgerState;
  readonly close: null;
};

/** The way to an engine, wherever it runs. Requests are answered in order. */
export interface EnginePort {
  /** Never resolves; rejects once no engine is there any more. */
  readonly died: Promise<never>;
  /** Resolves once others have had their turn: awaited between two pieces of work that take long. */
  turn(): Promise<void>;
  call<Request extends EngineRequest>(request: Request): Promise<EngineAnswers[Request["kind"]]>;
}
