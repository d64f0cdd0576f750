import type { BusStatus } from "../acquire/bus-status.ts";
import type { LineUse } from "../acquire/line-meter.ts";
import type { AlarmStatus } from "../alarm/alarm-status.ts";
import type { EnrolmentStatus } from "../core/first-boot.ts";
import type { StartStatus } from "../core/last-run.ts";
import type { StreamKind } from "../core/ledger.ts";
import type { LoopHealth } from "../core/progress.ts";
import type { Quality, Value } from "../core/reading.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import type { DestinationStatus } from "../forward/destination.ts";
import type { InterlockStatus } from "../interlock/status.ts";
import type { PointNotes } from "../measure/measure-desk.ts";
import type { MemorySample } from "../memory-watch.ts";
import type { RecorderStatus } from "../recorder-status.ts";
import type { TimeStatus } from "../time-keeper.ts";
import type { UpdateStatus } from "../update/update-status.ts";
import type { WearStatus } from "../wear-watch.ts";

/** How the value of a point comes about: it is asked for, its device tells it, or it is derived. */
export type PointOrigin = "asked" | "told" | "derived";

/** The newest reading of one point, `bad:stale` where it says nothing of now any more. */
export type PointStatus = {
  readonly point: string;
  readonly origin: PointOrigin;
  readonly unit: string | null;
  readonly value: Value | null;
  readonly quality: Quality | "bad:not-yet-read";
  /** When it was acquired; null before the first reading. */
  readonly at: WallMs | null;
  /** How old it is, by a clock that never steps, in milliseconds; null before the first reading. */
  readonly ageMs: number | null;
  /** How often it is read, in milliseconds. */
  readonly everyMs: number;
} & PointNotes;

/** What else there is to know of a bus. */
export type BusMore = {
  /**
   * Where peers with its identity dial in from that displace each other; empty while none do. One
   * address where they are behind the same.
   */
  readonly rivals: readonly string[];
  /** How it is used now, and what failed on it; null for one that is only listened to. */
  readonly use: LineUse | null;
};

/** What the buffer holds and owes. */
export type BufferStatus = RecorderStatus & {
  readonly streams: Readonly<Record<StreamKind, string>>;
  /** The highest seq of each stream. */
  readonly heads: Readonly<Record<StreamKind, number>>;
  readonly maxBytes: number;
  /** What it does to its card; null while the gateway has run too little to tell. */
  readonly wear: WearStatus | null;
};

/** Everything that `lifeline status` tells. Stable: other programs read it. */
export type Status = {
  readonly v: 1;
  readonly gateway: string;
  readonly site: string | null;
  readonly release: string;
  readonly configuration: string;
  readonly pid: number;
  readonly clock: ClockState;
  readonly time: TimeStatus;
  readonly at: WallMs;
  /** Since when the gateway has been running. */
  readonly since: WallMs;
  readonly buses: readonly (BusStatus & BusMore)[];
  readonly points: readonly PointStatus[];
  readonly alarms: readonly AlarmStatus[];
  readonly interlocks: readonly InterlockStatus[];
  readonly buffer: BufferStatus;
  /** What the process took, from its start on: a few numbers, however long it runs. */
  readonly memory: readonly MemorySample[];
  readonly destinations: readonly DestinationStatus[];
  /** How the run before this one ended, and how often it started; null where nobody knows. */
  readonly start: StartStatus | null;
  /** Whether each loop of the gateway goes on. */
  readonly loops: readonly LoopHealth[];
  /** How it stands with the release that runs; left out where nobody replaces it. */
  readonly update?: UpdateStatus;
  /** How it stands with its identity; left out where nobody certifies that. */
  readonly enrolment?: EnrolmentStatus;
};
