import { crc32 } from "node:zlib";
import type { Batch } from "../../edge/core/batch.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Quality } from "../../edge/core/reading.ts";
import type { ClockState, WallMs } from "../../edge/core/time.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readTimesV1, readValuesV1 } from "./encode-v1.ts";
import { readThinned, writeThinned } from "./thinned-columns.ts";
import { readTimes, writeTimes } from "./times.ts";
import { readValues, writeValues } from "./values.ts";

/** What a series is stored under its id for. */
export type SeriesName = { readonly point: string; readonly unit: string | null };

// All on disk: never renumber, append only.
const VERSION_1 = 1;
const VERSION = 2;
const CLOCKS: readonly ClockState[] = ["synced", "corrected", "unsynced"];
const CRC_BYTES = 4;
const NONE = new Uint8Array();

/**
 * `batch` in few bytes, losslessly: a version byte, what cannot be compressed, columns over all
 * series (ids, counts, times, values, qualities, and what thinned ones tell beside them), and a
 * CRC-32 over it all. `seriesIdOf` gives a whole number >= 0.
 */
export function encodeBatch(
  batch: Batch,
  seriesIdOf: (point: string, unit: string | null) => number,
): Uint8Array<ArrayBuffer> {
  const { at, clock, series } = batch;
  const out = new ByteWriter();
  const noise = new ByteWriter();
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
    { plain: out, noise },
    series.map(({ v }) => v),
  );
  writeQualities(
    out,
    series.map(({ q }) => q),
  );
  writeThinned({ plain: out, noise }, series);
  return sealed(out.taken(), noise.taken());
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
  if (version !== VERSION && version !== VERSION_1) {
    throw damaged(`its format ${version} is not known`);
  }
  const noise = new ByteReader(version === VERSION ? input.bytes(input.varint()) : NONE);
  const clock = CLOCKS[input.byte()];
  if (clock === undefined) throw damaged("its clock state is not known");
  const at = input.floats(1, 8)[0] as WallMs;
  const names = readNames(input, input.varint(), seriesOf);
  const counts = names.map(() => input.varint());
  const isFirst = version === VERSION_1;
  const times = isFirst ? readTimesV1(input, counts) : readTimes(input, counts);
  const values = isFirst
    ? readValuesV1(input, counts)
    : readValues({ plain: input, noise }, counts);
  const qualities = readQualities(input, counts);
  const thinned = isFirst ? null : readThinned({ plain: input, noise }, counts);
  const series = names.map(({ point, unit }, index) => {
    const columns = {
      point,
      unit,
      t: times[index] ?? [],
      v: values[index] ?? [],
      q: qualities[index] ?? null,
    };
    const more = thinned?.[index];
    return more === undefined ? columns : { ...columns, thinned: more };
  });
  return { at, clock, series };
}

/**
 * How many bytes at the beginning of an encoded batch are not worth compressing. Throws `buffer.io`
 * where they end too early.
 */
export function noiseEnd(bytes: Uint8Array): number {
  const input = new ByteReader(bytes);
  if (input.byte() !== VERSION) return 0;
  input.bytes(input.varint());
  return input.position;
}

function sealed(plain: Uint8Array, noise: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.byte(VERSION);
  out.varint(noise.length);
  out.bytes(noise);
  out.bytes(plain);
  const sum = crc32(out.taken());
  for (let shift = 24; shift >= 0; shift -= 8) out.byte(sum >>> shift);
  return out.taken();
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

/** The different qualities once, then per series 0 for `null` or 1 and an index a reading. */
function writeQualities(out: ByteWriter, columns: readonly (readonly Quality[] | null)[]): void {
  const told = columns.filter((column) => column !== null);
  const indexOf = new Map<Quality, number>();
  for (const column of told) {
    for (const quality of column) {
      if (!indexOf.has(quality)) indexOf.set(quality, indexOf.size);
    }
  }
  out.varint(indexOf.size);
  for (const quality of indexOf.keys()) out.text(quality);
  for (const column of columns) out.byte(column === null ? 0 : 1);
  for (const column of told) {
    for (const quality of column) out.varint(indexOf.get(quality) ?? 0);
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
