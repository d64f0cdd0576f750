import { crc32 } from "node:zlib";
import type { Batch } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { Quality } from "../edge/core/reading.ts";
import type { ClockState, WallMs } from "../edge/core/time.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readValues, writeValues } from "./values.ts";

/** What a series is stored under its id for. */
export type SeriesName = { readonly point: string; readonly unit: string | null };

// Both on disk: never renumber, append only.
const VERSION = 1;
const CLOCKS: readonly ClockState[] = ["synced", "corrected", "unsynced"];
const CRC_BYTES = 4;
/** Whole times up to this stay whole in differences; later ones are not times. */
const TIME_MAX = 2 ** 50;

/**
 * `batch` in few bytes, losslessly: columns over all series (ids, counts, times, values,
 * qualities), a version byte before and a CRC-32 behind. `seriesIdOf` gives a whole number >= 0.
 */
export function encodeBatch(
  batch: Batch,
  seriesIdOf: (point: string, unit: string | null) => number,
): Uint8Array<ArrayBuffer> {
  const { at, clock, series } = batch;
  const out = new ByteWriter();
  out.byte(VERSION);
  out.byte(CLOCKS.indexOf(clock));
  out.floats([at], 8);
  out.varint(series.length);
  let last = 0;
  for (const { point, unit } of series) {
    const id = seriesIdOf(point, unit);
    out.signed(id - last);
    last = id;
  }
  for (const { t } of series) out.varint(t.length);
  writeTimes(
    out,
    series.map(({ t }) => t),
  );
  writeValues(
    out,
    series.map(({ v }) => v),
  );
  writeQualities(
    out,
    series.map(({ q }) => q),
  );
  return sealed(out);
}

/**
 * The batch that `encodeBatch` wrote, deep-equal to the one that it was given. Throws `buffer.io`
 * when the bytes are damaged or name a series that `seriesOf` does not know.
 */
export function decodeBatch(
  bytes: Uint8Array,
  seriesOf: (id: number) => SeriesName | undefined,
): Batch {
  const input = new ByteReader(unsealed(bytes));
  const version = input.byte();
  if (version !== VERSION) throw damaged(`its format ${version} is not known`);
  const clock = CLOCKS[input.byte()];
  if (clock === undefined) throw damaged("its clock state is not known");
  const at = input.floats(1, 8)[0] as WallMs;
  const names = readNames(input, input.varint(), seriesOf);
  const counts = names.map(() => input.varint());
  const times = readTimes(input, counts);
  const values = readValues(input, counts);
  const qualities = readQualities(input, counts);
  const series = names.map(({ point, unit }, index) => ({
    point,
    unit,
    t: times[index] ?? [],
    v: values[index] ?? [],
    q: qualities[index] ?? null,
  }));
  return { at, clock, series };
}

function sealed(out: ByteWriter): Uint8Array<ArrayBuffer> {
  const body = out.taken();
  const bytes = new Uint8Array(body.length + CRC_BYTES);
  bytes.set(body);
  new DataView(bytes.buffer).setUint32(body.length, crc32(body));
  return bytes;
}

function unsealed(bytes: Uint8Array): Uint8Array {
  const length = bytes.length - CRC_BYTES;
  if (length < 1) throw damaged("it is too short");
  const body = bytes.subarray(0, length);
  const expected = new DataView(bytes.buffer, bytes.byteOffset + length, CRC_BYTES).getUint32(0);
  if (crc32(body) !== expected) throw damaged("its check sum is wrong");
  return body;
}

function readNames(
  input: ByteReader,
  count: number,
  seriesOf: (id: number) => SeriesName | undefined,
): SeriesName[] {
  let id = 0;
  return Array.from({ length: count }, () => {
    id += input.signed();
    const name = seriesOf(id);
    if (name === undefined) throw damaged(`its series ${id} is not known`);
    return name;
  });
}

/**
 * Whole times as differences: within a series to the reading before, from series to series
 * between the first readings, because the points of one device are read together.
 */
function writeTimes(out: ByteWriter, columns: readonly (readonly number[])[]): void {
  const whole = columns.every((column) =>
    column.every((t) => Number.isInteger(t) && Math.abs(t) <= TIME_MAX && !Object.is(t, -0)),
  );
  out.byte(whole ? 1 : 0);
  if (!whole) {
    for (const column of columns) out.floats(column, 8);
    return;
  }
  let first = 0;
  for (const column of columns) {
    let last = first;
    for (const [index, t] of column.entries()) {
      out.signed(t - last);
      last = t;
      if (index === 0) first = t;
    }
  }
}

function readTimes(input: ByteReader, counts: readonly number[]): number[][] {
  if (input.byte() === 0) return counts.map((count) => input.floats(count, 8));
  let first = 0;
  return counts.map((count) => {
    let last = first;
    return Array.from({ length: count }, (_, index) => {
      last += input.signed();
      if (index === 0) first = last;
      return last;
    });
  });
}

/** The different qualities once, then per series 0 for `null` or 1 and an index a reading. */
function writeQualities(out: ByteWriter, columns: readonly (readonly Quality[] | null)[]): void {
  const indexOf = new Map<Quality, number>();
  for (const column of columns) {
    for (const quality of column ?? []) {
      if (!indexOf.has(quality)) indexOf.set(quality, indexOf.size);
    }
  }
  out.varint(indexOf.size);
  for (const quality of indexOf.keys()) out.text(quality);
  for (const column of columns) out.byte(column === null ? 0 : 1);
  for (const column of columns) {
    for (const quality of column ?? []) out.varint(indexOf.get(quality) ?? 0);
  }
}

function readQualities(input: ByteReader, counts: readonly number[]): (Quality[] | null)[] {
  const words = Array.from({ length: input.varint() }, () => input.text() as Quality);
  const present = counts.map(() => input.byte() === 1);
  return counts.map((count, index) => {
    if (present[index] !== true) return null;
    return Array.from({ length: count }, () => {
      const quality = words[input.varint()];
      if (quality === undefined) throw damaged("one of its qualities is not known");
      return quality;
    });
  });
}

function damaged(why: string): GatewayError {
  return new GatewayError("buffer.io", why);
}
