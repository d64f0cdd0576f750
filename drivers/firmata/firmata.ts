import {
  type BoardAnswer,
  type BoardFault,
  type BoardInput,
  type BoardLink,
  type BoardNews,
  type BoardTask,
  isLevel,
  ORDER_MS,
  sourceOf,
} from "../../edge/core/board.ts";
import type { Reason } from "../../edge/core/reading.ts";
import type { Clock, UptimeMs } from "../../edge/core/time.ts";
import type { PointReading } from "../driver.ts";
import type { Heard } from "../heard.ts";
import { scaled } from "../scale.ts";

/** What a driver must know of a point on a board; the configuration's points have this shape. */
export type BoardPoint = {
  /** `device.point`. */
  readonly id: string;
  readonly input: BoardInput;
  /** The board's reference voltage: what the highest code of an analog pin stands for. */
  readonly reference: number;
  /** value = raw * scale + offset; for numbers only. */
  readonly scale: number;
  readonly offset: number;
  /** Raw numbers that stand for having no value; none if left out. */
  readonly sentinels?: readonly number[];
  /** The period of reading, in milliseconds. */
  readonly everyMs: number;
};

/** What a board is told to read for `points`: each input once, at the shortest of its periods. */
export function tasksOf(points: readonly BoardPoint[]): readonly BoardTask[] {
  const bySource = Map.groupBy(points, ({ input }) => sourceOf(input));
  return [...bySource].map(([source, members]) => ({
    source,
    everyMs: Math.min(...members.map(({ everyMs }) => everyMs)),
    input: (members[0] as BoardPoint).input,
  }));
}

/** What has happened on a session since it was opened. */
export type BoardCounters = {
  /** Values that the board told. */
  readonly messages: number;
  /** Times that a source had no value. */
  readonly sourceFaults: number;
};

/** Why a source of a board has no value. */
export type SourceFault = { readonly source: string; readonly fault: BoardFault };

/** The reason of a point whose source has such a fault. */
export const REASONS: Readonly<Record<BoardFault, Reason>> = {
  "no-answer": "timeout",
  "other-chip": "no-value",
  "not-measuring": "no-value",
  "out-of-range": "out-of-range",
  "no-such-pin": "no-value",
  "line-busy": "no-value",
};

/** Decimals of a volt that are kept: a thousandth of a step of ten bits, and of one of the ADS1115's. */
const PIN_DECIMALS = 5;
const ADS_DECIMALS = 9;

/** A board that is read, its values those of points, and whose outputs are driven. */
export class BoardSession {
  /** The one listener for what the board tells. */
  onHeard: ((heard: Heard) => void) | null = null;
  /** Called when a source has no value any more, or (null) has one again. */
  onFault: ((source: string, fault: BoardFault | null) => void) | null = null;
  /** It is never asked. */
  readonly readyAt: UptimeMs;
  /** Resolves once, with why, when the board is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  readonly #link: BoardLink;
  readonly #points: ReadonlyMap<string, readonly BoardPoint[]>;
  readonly #faults = new Map<string, BoardFault>();
  readonly #counters = { messages: 0, sourceFaults: 0 };

  /** `link` is the session's from now on. */
  constructor(link: BoardLink, clock: Clock, points: readonly BoardPoint[]) {
    this.#link = link;
    this.#points = Map.groupBy(points, ({ input }) => sourceOf(input));
    this.readyAt = clock.uptime();
    this.closed = link.closed;
    link.onNews = (news) => this.#take(news);
  }

  /** Name and version of the board's firmware. */
  get firmware(): string {
    return this.#link.firmware;
  }

  /** The sources that have no value now. */
  get faults(): readonly SourceFault[] {
    return [...this.#faults].map(([source, fault]) => ({ source, fault }));
  }

  /** A board tells by itself. */
  ask(): void {}

  /**
   * Has the output at `source` be high (1) or low (0) within so many milliseconds, or not any more,
   * and tells what it is then. Never rejects.
   */
  drive(source: string, level: number, withinMs = ORDER_MS): Promise<BoardAnswer> {
    return this.#link.drive(source, level, withinMs);
  }

  /** What the output at `source` is. Never rejects. */
  look(source: string): Promise<BoardAnswer> {
    return this.#link.look(source);
  }

  /** Ends the reading. May be called more than once. */
  close(): void {
    this.#link.onNews = null;
    this.#link.close();
  }

  counters(): BoardCounters {
    return { ...this.#counters };
  }

  #take(news: BoardNews): void {
    const { source, uptime } = news;
    const points = this.#points.get(source) ?? [];
    this.#note(source, news.kind === "fault" ? news.fault : null);
    if (news.kind === "fault") {
      this.#counters.sourceFaults++;
      const reason = REASONS[news.fault];
      this.onHeard?.({ kind: "missing", points: points.map(({ id }) => id), reason, uptime });
      return;
    }
    this.#counters.messages++;
    const readings = points.map((point) => readingOf(point, news.value));
    this.onHeard?.({ kind: "message", readings, uptime });
  }

  #note(source: string, fault: BoardFault | null): void {
    if ((this.#faults.get(source) ?? null) === fault) return;
    if (fault === null) this.#faults.delete(source);
    else this.#faults.set(source, fault);
    this.onFault?.(source, fault);
  }
}

function readingOf(point: BoardPoint, told: number): PointReading {
  const { id, input, scale, offset, sentinels = [] } = point;
  if (isLevel(input)) return { point: id, value: told === 1, quality: "good" };
  const raw = rawOf(point, told);
  if (sentinels.includes(raw)) return { point: id, value: null, quality: "bad:no-value" };
  return { point: id, value: scaled(raw, scale, offset), quality: "good" };
}

function rawOf({ input, reference }: BoardPoint, told: number): number {
  if (input.kind === "analog") return Number((told * reference).toFixed(PIN_DECIMALS));
  return input.kind === "ads1115" ? Number(told.toFixed(ADS_DECIMALS)) : told;
}
