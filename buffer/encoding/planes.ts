import { GatewayError } from "../../edge/core/errors.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";

/**
 * Two runs of bytes: `plain`, which a compressor makes smaller, and `noise`, which it only makes
 * slower and, mixed with the other, worse: it has one code for all.
 */
export type Runs<Side> = { readonly plain: Side; readonly noise: Side };

/** The most bytes of a whole number up to 2^53 - 1. */
const WIDTH_MAX = 7;
/** Of fewer bytes nothing can be told. */
const NOISE_MIN = 64;
/** Bytes of which two are alike at most so much oftener than by chance are noise. */
const NOISE_ALIKE = 2;

/**
 * Writes whole numbers from 0 to 2^53 - 1, transposed: the lowest byte of each, then the next of
 * each. What is alike in all of them comes to lie side by side; what is not is told as noise.
 */
export function writePlanes(out: Runs<ByteWriter>, values: readonly number[]): void {
  const width = widthOf(values);
  out.plain.byte(width);
  if (width === 0) return;
  const planes = Array.from({ length: width }, (_, place) => planeOf(values, place));
  const noise = planes.map(isNoise);
  out.plain.byte(noise.reduce((mask, is, place) => mask + (is ? 2 ** place : 0), 0));
  for (const [place, plane] of planes.entries()) {
    (noise[place] === true ? out.noise : out.plain).bytes(plane);
  }
}

/** Reads so many numbers that `writePlanes` wrote. Throws `buffer.io` where they are damaged. */
export function readPlanes(input: Runs<ByteReader>, count: number): number[] {
  const width = input.plain.byte();
  if (width > WIDTH_MAX) throw new GatewayError("buffer.io", `its numbers have ${width} bytes`);
  const values = new Array<number>(count).fill(0);
  if (width === 0) return values;
  const noise = input.plain.byte();
  for (let place = 0; place < width; place++) {
    const run = (noise >> place) % 2 === 1 ? input.noise : input.plain;
    const plane = run.bytes(count);
    const factor = 2 ** (8 * place);
    for (let index = 0; index < count; index++) {
      values[index] = (values[index] as number) + factor * (plane[index] as number);
    }
  }
  return values;
}

function widthOf(values: readonly number[]): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  let width = 0;
  while (width < WIDTH_MAX && largest >= 2 ** (8 * width)) width++;
  return width;
}

function planeOf(values: readonly number[], place: number): Uint8Array {
  const plane = new Uint8Array(values.length);
  // The shift takes the lower half of a number for itself.
  const [divisor, shift] = place < 4 ? [1, 8 * place] : [2 ** 32, 8 * (place - 4)];
  for (let index = 0; index < plane.length; index++) {
    plane[index] = ((values[index] as number) / divisor) >>> shift;
  }
  return plane;
}

/** Whether the bytes are too unlike each other to be worth compressing: counts pairs of a kind. */
function isNoise(plane: Uint8Array): boolean {
  const count = plane.length;
  if (count < NOISE_MIN) return false;
  const counts = new Uint32Array(256);
  for (let index = 0; index < count; index++) {
    const byte = plane[index] as number;
    counts[byte] = (counts[byte] as number) + 1;
  }
  let pairs = 0;
  for (const same of counts) pairs += same * (same - 1);
  return pairs < (NOISE_ALIKE * count * (count - 1)) / 256;
}
