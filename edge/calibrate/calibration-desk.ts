import { type AnyPoint, allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import type { AlarmOrder, AlarmOrderOutcome } from "../alarm/alarm-order.ts";
import type { AlarmStatus } from "../alarm/alarm-status.ts";
import { isLatched } from "../core/alarm.ts";
import type {
  CalibrationBook,
  CalibrationRecord,
  CalibrationStore,
  CalibrationWork,
} from "../core/calibration.ts";
import { GatewayError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import { after, type Clock, stampOf, type WallMs } from "../core/time.ts";
import type { Turn } from "../gateway-event.ts";
import type { MeasureDesk } from "../measure/measure-desk.ts";
import { type Affected, affectedBy } from "./affected.ts";
import {
  basisOf,
  beforeLast,
  emptyBook,
  entered,
  inForce,
  isWithin,
  leftOf,
  stepOf,
  toleranceOf,
} from "./book.ts";
import { correctionOf, usualLimits } from "./correction.ts";
import type { CalibrationOrder } from "./orders.ts";
import { spanOf } from "./span.ts";

export type CalibrationParts = {
  readonly clock: Clock;
  readonly config: GatewayConfig;
  readonly store: CalibrationStore;
  readonly desk: MeasureDesk;
  /** What the device tells of a point that is asked, now and not measured. */
  readonly readOnce: (point: string) => Promise<Reading>;
  readonly alarms: () => readonly AlarmStatus[];
  readonly actOnAlarm: (alarm: string, order: AlarmOrder) => AlarmOrderOutcome;
  /** Resolves true once all that was told is stored, false where the disk does not take it in time. */
  readonly isStored: () => Promise<boolean>;
  readonly tell: (turn: Turn) => void;
};

type OrderOf<Action extends CalibrationOrder["action"]> = Extract<
  CalibrationOrder,
  { readonly action: Action }
>;

/** What is told of a point before work on it begins, and at any time. Stable: programs read it. */
export type CalibrationStanding = Affected & {
  readonly point: string;
  readonly unit: string | null;
  /** Width of the range; null where nobody said what it is. */
  readonly span: number | null;
  readonly tolerance: number | null;
  /** Null where the value is taken as it comes. */
  readonly inForce: {
    readonly pairs: readonly (readonly [number, number])[];
    readonly on: string;
    readonly by: string | null;
    readonly due: WallMs | null;
    /** Of the record; null where it is the configuration's. */
    readonly n: number | null;
  } | null;
  readonly records: readonly CalibrationRecord[];
  readonly work: { readonly who: string; readonly until: WallMs } | null;
};

/** What an instrument told at one moment. */
export type CalibrationSample = {
  readonly at: WallMs;
  readonly uptimeMs: number;
  /** Before its calibration; null where it told nothing. */
  readonly indicated: number | null;
  /** By the calibration in force. */
  readonly value: number | null;
  readonly quality: Reading["quality"];
};

/**
 * Keeps the books of the calibrations, has points measured by them, and keeps calibration gas from
 * setting anything off: while somebody is at work the alarms are out of service for a bounded time,
 * which runs on whatever becomes of the gateway and of whoever is at work. A correction is on the
 * disk before it counts; whatever is cut off before, the one that was in force stays.
 */
export class CalibrationDesk {
  readonly #parts: CalibrationParts;
  readonly #signal: AbortSignal;
  readonly #books = new Map<string, CalibrationBook>();

  constructor(parts: CalibrationParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    const { books, unreadable } = parts.store.load();
    for (const book of books) this.#books.set(book.point, book);
    for (const point of this.#points()) {
      const file = unreadable.find((each) => each.endsWith(`/${point.id}.json`));
      if (file !== undefined) this.#doubt(point, "calibration.unreadable", { file });
    }
  }

  /** Has every point measured by its book, and goes on with what was under way. */
  resume(): void {
    const { clock } = this.#parts;
    const now = { ...stampOf(clock), clock: clock.state(), boot: clock.boot };
    for (const point of this.#points()) {
      const book = this.#books.get(point.id);
      if (book === undefined) continue;
      this.#apply(point);
      if (book.work === null) continue;
      const leftMs = leftOf(book.work, now);
      if (leftMs > 0) {
        // What the buffer did not keep, or had not yet, must not call for the calibrator's gas.
        this.#remove(book.work.alarms, point.id, book.work.who, leftMs);
        this.#workOn(point.id, book.work, leftMs);
      } else this.#finish(point.id, book.work.who, "over");
    }
  }

  /** Whether somebody is at work on a point. */
  get isAtWork(): boolean {
    return [...this.#books.values()].some(({ work }) => work !== null);
  }

  /** Does what `order` says. Rejects with `calibration.refused` or `.unwritten`, saying why. */
  async act(order: CalibrationOrder): Promise<unknown> {
    const point = this.#pointOf(order.point);
    switch (order.action) {
      case "show":
        return this.#standing(point);
      case "begin":
        return await this.#begin(point, order);
      case "sample":
        return await this.#sample(point);
      case "adopt":
        return await this.#adopt(point, order);
      case "left":
        return this.#left(point, order);
      case "end":
        return await this.#end(point, order);
      case "revert":
        return await this.#revert(point, order);
    }
  }

  async #begin(point: AnyPoint, { who, forMs }: OrderOf<"begin">): Promise<CalibrationStanding> {
    const { clock, config } = this.#parts;
    const book = this.#bookOf(point.id);
    if (book.work !== null) throw refused(`${book.work.who} is at work on ${point.id}`);
    const { alarms } = affectedBy(config, point.id);
    const mine = this.#removable(alarms);
    const { at: from, uptime } = stampOf(clock);
    const until = after(uptime, forMs);
    const given = { who, from, clock: clock.state(), forMs, until, boot: clock.boot };
    const work: CalibrationWork = { ...given, alarms: mine };
    this.#save({ ...book, work });
    this.#remove(mine, point.id, who, forMs);
    this.#workOn(point.id, work, forMs);
    this.#tell(point.id, "measuring", "calibrating", "calibration.begun", {
      who,
      forMs,
      alarms: mine.join(" "),
    });
    await this.#parts.isStored();
    return this.#standing(point);
  }

  /** Takes `alarms` out of service for the work on the point `id`; those that are so stay as they are. */
  #remove(alarms: readonly string[], id: string, who: string, forMs: number): void {
    const reason = `calibration of ${id}`;
    for (const alarm of alarms) {
      this.#parts.actOnAlarm(alarm, { kind: "remove", who, reason, forMs });
    }
  }

  /** Those of `alarms` that are in service. One that waits for an answer is not to be silenced. */
  #removable(alarms: readonly string[]): readonly string[] {
    const statuses = this.#parts.alarms().filter(({ alarm }) => alarms.includes(alarm));
    const { interlocks } = this.#parts.config;
    for (const { alarm, state } of statuses) {
      const trips = interlocks.some((each) => each.alarms.some((of) => of.alarm === alarm));
      const isWaiting = state === "unacknowledged" || state === "returned-unacknowledged";
      if (isLatched(state) || isWaiting || (state === "acknowledged" && trips)) {
        throw refused(`alarm ${alarm} is ${state}: answer it, and let it go, before`);
      }
    }
    return statuses.flatMap(({ alarm, state }) => (state === "out-of-service" ? [] : alarm));
  }

  async #sample(point: AnyPoint): Promise<CalibrationSample> {
    const { desk, config, readOnce } = this.#parts;
    const isAsked = config.points.some(({ id, readClears }) => id === point.id && !readClears);
    const told = isAsked ? await readOnce(point.id) : desk.newestTold(point.id);
    if (told === null) throw refused(`${point.id} has told nothing since work on it began`);
    const { value: indicated } = desk.indicated(told);
    const { value, quality } = desk.once(told);
    const number = typeof value === "number" ? value : null;
    return { at: told.at, uptimeMs: told.uptime, indicated, value: number, quality };
  }

  async #adopt(point: AnyPoint, order: OrderOf<"adopt">): Promise<CalibrationRecord> {
    const { who, steps, adjust, note } = order;
    const book = this.#bookOf(point.id);
    if (book.work === null) throw refused(`nobody is at work on ${point.id}: begin first`);
    const span = spanOf(point, steps);
    if (span === null) throw refused(`the range of ${point.id} is not known: write range for it`);
    const before = inForce(point, book).calibration?.pairs ?? [];
    const correction = adjust ? correctionOf(steps, before, usualLimits(span)) : null;
    if (correction?.kind === "refused") {
      throw refused(`${correction.why}: ${correction.found}; nothing was adjusted`);
    }
    const pairs = correction?.pairs ?? before;
    const told = steps.map((step) => stepOf(step, before, pairs));
    const tolerance = order.tolerance ?? toleranceOf(point.measurement?.care, span);
    const kind = adjust ? ("adjustment" as const) : ("check" as const);
    const found = { steps: told, tolerance, isWithin: isWithin(told, tolerance) };
    return await this.#enter(point, { kind, who, pairs, note, ...found });
  }

  /** Puts a record into the book, has the point measured by it, and tells of it. */
  async #enter(
    point: AnyPoint,
    given: Omit<CalibrationRecord, "n" | "at" | "clock" | "unit" | "basis">,
  ): Promise<CalibrationRecord> {
    const { clock } = this.#parts;
    const now = { at: clock.now(), clock: clock.state() };
    const record = { ...given, ...now, unit: point.unit, basis: basisOf(point) };
    const book = entered(this.#bookOf(point.id), record);
    this.#save(book);
    this.#apply(point);
    const last = book.records.at(-1) as CalibrationRecord;
    const where = book.work === null ? "measuring" : "calibrating";
    this.#tell(point.id, where, where, `calibration.${record.kind}`, {
      who: record.who,
      n: last.n,
      within: String(record.isWithin),
      ...(record.pairs === null ? {} : { pairs: JSON.stringify(record.pairs) }),
    });
    await this.#parts.isStored();
    return last;
  }

  #left(point: AnyPoint, { n, left }: OrderOf<"left">): CalibrationRecord {
    const book = this.#bookOf(point.id);
    const last = book.records.at(-1);
    if (book.work === null || last?.n !== n || last.steps.length !== left.length) {
      throw refused(`record ${n} of ${point.id} is not the one that somebody is at work on`);
    }
    const steps = last.steps.map((step, i) => {
      const measured = left[i] ?? null;
      return measured === null ? step : { ...step, left: measured, isLeftMeasured: true };
    });
    const record = { ...last, steps };
    this.#save({ ...book, records: [...book.records.slice(0, -1), record] });
    return record;
  }

  async #end(point: AnyPoint, { who }: OrderOf<"end">): Promise<CalibrationStanding> {
    if (this.#bookOf(point.id).work !== null) this.#finish(point.id, who, "ended");
    await this.#parts.isStored();
    return this.#standing(point);
  }

  async #revert(point: AnyPoint, { who }: OrderOf<"revert">): Promise<CalibrationRecord> {
    const target = beforeLast(this.#bookOf(point.id));
    if (target === null) throw refused(`${point.id} has no calibration to go back from`);
    const given = { steps: [], tolerance: 0, isWithin: true, note: null };
    return await this.#enter(point, { kind: "reversion", who, ...target, ...given });
  }

  /** The point is at work for `leftMs` more, unless somebody ends it before. */
  #workOn(id: string, work: CalibrationWork, leftMs: number): void {
    const { clock, desk } = this.#parts;
    desk.setWork(id, { who: work.who, until: (clock.now() + leftMs) as WallMs });
    const over = () => {
      // Somebody may have ended it, and begun anew.
      if (this.#bookOf(id).work?.from === work.from) this.#finish(id, work.who, "over");
    };
    clock.sleep(leftMs, this.#signal).then(over, () => {});
  }

  /** The point measures again, and its alarms call. What the disk does not take ends by itself. */
  #finish(id: string, who: string, how: "ended" | "over"): void {
    const book = this.#bookOf(id);
    const { work } = book;
    this.#parts.desk.setWork(id, null);
    const reason = `calibration of ${id}`;
    for (const alarm of work?.alarms ?? []) {
      this.#parts.actOnAlarm(alarm, { kind: "return", who, reason });
    }
    const rest = { ...book, work: null };
    this.#books.set(id, rest);
    const failure = this.#tryToSave(rest);
    this.#tell(id, "calibrating", "measuring", `calibration.${how}`, {
      who,
      ...(failure === null ? {} : { failure }),
    });
  }

  #apply(point: AnyPoint): void {
    const { calibration, isSetAside } = inForce(point, this.#bookOf(point.id));
    const configured = point.measurement?.calibration ?? null;
    if (isSetAside && configured === null) this.#doubt(point, "calibration.set-aside", {});
    else this.#parts.desk.calibrate(point.id, calibration);
  }

  /** What the point was found to be off is not known any more: its values say so. */
  #doubt(point: AnyPoint, cause: string, detail: Readonly<Record<string, string>>): void {
    const own = point.measurement?.calibration ?? { pairs: [], on: "", by: null };
    this.#parts.desk.calibrate(point.id, { ...own, due: 0 as WallMs });
    this.#tell(point.id, "measuring", "measuring", cause, detail);
  }

  #standing(point: AnyPoint): CalibrationStanding {
    const book = this.#bookOf(point.id);
    const { calibration, record } = inForce(point, book);
    const span = spanOf(point, []);
    const { work = null } = this.#parts.desk.notes(point.id);
    const care = point.measurement?.care;
    return {
      point: point.id,
      unit: point.unit,
      span,
      tolerance: care?.tolerance ?? (span === null ? null : toleranceOf(care, span)),
      inForce: calibration === null ? null : { ...calibration, n: record?.n ?? null },
      records: book.records,
      work,
      ...affectedBy(this.#parts.config, point.id),
    };
  }

  #pointOf(id: string): AnyPoint {
    const point = this.#points().find((each) => each.id === id);
    if (point === undefined) throw new GatewayError("field.unknown", `there is no point ${id}`);
    if ("derivation" in point) throw refused(`${id} is worked out: calibrate what it comes from`);
    if (point.write) throw refused(`${id} is written, and what is written is not calibrated`);
    if (point.type === "bool" || point.type === "string") throw refused(`${id} is no number`);
    return point;
  }

  #points(): readonly AnyPoint[] {
    return allPoints(this.#parts.config);
  }

  #bookOf(id: string): CalibrationBook {
    return this.#books.get(id) ?? emptyBook(id);
  }

  /** Nothing counts before it is on the disk. */
  #save(book: CalibrationBook): void {
    this.#parts.store.save(book);
    this.#books.set(book.point, book);
  }

  #tryToSave(book: CalibrationBook): string | null {
    try {
      this.#parts.store.save(book);
      return null;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return error.message;
    }
  }

  #tell(
    point: string,
    from: "measuring" | "calibrating",
    to: "measuring" | "calibrating",
    cause: string,
    detail: Readonly<Record<string, string | number>>,
  ): void {
    const subject = this.#parts.config.gateway.id;
    this.#parts.tell({ kind: "gateway", subject, from, to, cause, detail: { point, ...detail } });
  }
}

function refused(why: string): GatewayError {
  return new GatewayError("calibration.refused", why);
}
