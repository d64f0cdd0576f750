import { crc32 } from "node:zlib";
import type { Batch, Thinned } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { decodeBatch, encodeBatch, type SeriesName } from "./encode.ts";
import { readValues, writeValues } from "./values.ts";

// On disk: never renumber. Far from the versions of a batch as it was acquired.
const THINNED = 0x81;
const CRC_BYTES = 4;

/** `batch` in few bytes, losslessly, as it was acquired or thinned: then every series is. */
export function encodeAny(
  batch: Batch,
  seriesIdOf: (point: string, unit: string | null) => number,
): Uint8Array<ArrayBuffer> {
  const whole = encodeBatch(batch, seriesIdOf);
  const thinned = batch.series.flatMap((series) => series.thinned ?? []);
  const [first] = thinned;
  if (first === undefined) return whole;
  const out = new ByteWriter();
  out.byte(THINNED);
  out.varint(whole.length);
  for (const byte of whole) out.byte(byte);
  out.varint(first.windowMs);
  for (const { n } of thinned) for (const count of n) out.varint(count);
  for (const column of ["min", "max", "mean"] as const) {
    writeValues(
      out,
      thinned.map((each) => each[column]),
    );
  }
  return sealed(out.taken());
}

/**
 * The batch that `encodeAny` wrote, deep-equal to the one that it was given. Throws `buffer.io`
 * when the bytes are damaged or name a series that `seriesOf` does not know.
 */
export function decodeAny(
  bytes: Uint8Array,
  seriesOf: (id: number) => SeriesName | undefined,
): Batch {
  if (bytes[0] !== THINNED) return decodeBatch(bytes, seriesOf);
  const input = new ByteReader(unsealed(bytes));
  input.byte();
  const whole = Uint8Array.from({ length: input.varint() }, () => input.byte());
  const batch = decodeBatch(whole, seriesOf);
  const windowMs = input.varint();
  const counts = batch.series.map(({ t }) => t.length);
  const n = counts.map((count) => Array.from({ length: count }, () => input.varint()));
  const [min, max, mean] = [
    readNumbers(input, counts),
    readNumbers(input, counts),
    readNumbers(input, counts),
  ];
  const series = batch.series.map((each, i) => {
    const thinned = { windowMs, min: min[i], max: max[i], mean: mean[i], n: n[i] } as Thinned;
    return { ...each, thinned };
  });
  return { ...batch, series };
}

function readNumbers(input: ByteReader, counts: readonly number[]) {
  return readValues(input, counts) as (number | null)[][];
}

function sealed(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body.length + CRC_BYTES);
  bytes.set(body);
  new DataView(bytes.buffer).setUint32(body.length, crc32(body));
  return bytes;
}

function unsealed(bytes: Uint8Array): Uint8Array {
  const length = Math.max(0, bytes.length - CRC_BYTES);
  const body = bytes.subarray(0, length);
  const sum = bytes.subarray(length);
  const expected = sum.reduce((all, byte) => all * 256 + byte, 0);
  if (crc32(body) === expected) return body;
  throw new GatewayError("buffer.io", "its check sum is wrong");
}
