// Numbers on disk: never renumber, append only.
/** Formats 0 to 6 of a series' numbers: whole numbers, to be divided by this. */
export const DIVISORS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
/** Floats that are as good in four bytes as in eight, and those that are not. */
export const FLOAT32 = 7;
export const FLOAT64 = 8;
/** How many formats there are. */
export const FORMATS = 9;

/** Within this, differences and signs fit, and a larger number gains nothing. */
const SCALED_MAX = 2 ** 47;
const FINEST = 1e6;
const FINE_MAX = SCALED_MAX / FINEST;

/**
 * A format for each of `columns` that gives every one of its numbers back identical: the shortest,
 * or where that is a divisor the one that most have, if it will do as well. A sensor that resolves
 * tenths tells a whole number now and then.
 */
export function formatsOf(columns: readonly (readonly number[])[]): readonly number[] {
  const shortest = columns.map(formatOf);
  const counts = new Array<number>(FORMATS).fill(0);
  for (let series = 0; series < columns.length; series++) {
    const format = shortest[series] as number;
    if (columns[series]?.length !== 0) counts[format] = (counts[format] ?? 0) + 1;
  }
  const scaled = counts.slice(0, DIVISORS.length);
  const common = scaled.indexOf(Math.max(...scaled));
  return shortest.map((format, series) =>
    format < common && areScaled(columns[series] ?? [], DIVISORS[common] ?? 1) ? common : format,
  );
}

/** The shortest format that gives every one of `numbers` back identical. */
function formatOf(numbers: readonly number[]): number {
  let format = 0;
  for (const value of numbers) {
    // What the finest divisor cannot tell, none can.
    if (Math.abs(value) < FINE_MAX && !isScaled(value, FINEST)) format = FLOAT32;
    while (format < FLOAT32 && !isScaled(value, DIVISORS[format] ?? 1)) format++;
    if (format === FLOAT32) break;
  }
  // A number that passed at a smaller divisor has not been tried at the final one.
  if (format < FLOAT32 && areScaled(numbers, DIVISORS[format] ?? 1)) return format;
  return numbers.every((value) => Object.is(Math.fround(value), value)) ? FLOAT32 : FLOAT64;
}

function areScaled(numbers: readonly number[], divisor: number): boolean {
  return numbers.every((value) => isScaled(value, divisor));
}

/** Whether dividing the nearest whole number by `divisor` gives exactly `value`. -0 is none. */
function isScaled(value: number, divisor: number): boolean {
  const whole = Math.round(value * divisor);
  return Math.abs(whole) <= SCALED_MAX && whole / divisor === value && !Object.is(value, -0);
}
