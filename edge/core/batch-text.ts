import { type Batch, readingCount, type Series, type Thinned } from "./batch.ts";
import { bigJson } from "./json.ts";
import type { Value } from "./reading.ts";

/** A batch as a message of contract v1 carries it. */
export type BatchText = Pick<Batch, "at" | "clock" | "between"> & {
  /** How many readings it holds. */
  readonly readings: number;
  /** Its series as JSON. */
  readonly series: string;
};

/** `batch` with its series written out: a function of the batch, the same bytes for ever. */
export function batchText(batch: Batch): BatchText {
  const { at, clock, between } = batch;
  const bounds = between === undefined ? {} : { between };
  return { at, clock, ...bounds, readings: readingCount(batch), series: seriesJson(batch.series) };
}

function seriesJson(series: readonly Series[]): string {
  const written = series.map(({ point, unit, t, v, q, thinned }) => ({
    point,
    ...(unit === null ? {} : { unit }),
    t,
    v: v.some(isBig) ? v.map(plain) : v,
    ...(q === null ? {} : { q }),
    ...(thinned === undefined ? {} : columnsOf(thinned)),
  }));
  return JSON.stringify(written);
}

/** What a thinned series tells beside its readings, `window` in milliseconds. */
function columnsOf({ windowMs, min, max, mean, n }: Thinned) {
  return { window: windowMs, min, max, mean, n };
}

function isBig(value: Value | null): boolean {
  return typeof value === "bigint";
}

/** Integers beyond 2^53 are written with all their digits, as JSON allows. */
function plain(value: Value | null): unknown {
  return typeof value === "bigint" ? bigJson(value) : value;
}
