/** An exact decimal: `digits` / 10 ^ `places`. */
type Decimal = { readonly digits: bigint; readonly places: number };

/**
 * `raw` * `scale` + `offset`, worked out in decimals and rounded once to the nearest double, so
 * that no binary dust is left (3 * 0.1 is 0.3). Where `scale` is one part of an integer, as 0.001
 * and 1/3 are, an integer is divided. `raw` is finite.
 */
export function scaled(raw: number | bigint, scale: number, offset: number): number {
  if (scale === 1 && offset === 0) return Number(raw);
  const divisor = 1 / scale;
  if (offset === 0 && Number.isInteger(divisor) && isExact(raw)) return Number(raw) / divisor;
  const product = multiply(decimalOf(raw), decimalOf(scale));
  return numberOf(add(product, decimalOf(offset)));
}

/**
 * The shortest decimal near `raw` * `scale` + `offset` from which the same 32-bit float `raw`
 * comes back, so that 123.456 is not shown as 123.45600128173828. `raw` is finite.
 */
export function scaledFloat32(raw: number, scale: number, offset: number): number {
  const exact = raw * scale + offset;
  // A whole number has no dust; its digits beyond the seventh are real.
  if (Number.isSafeInteger(exact) && (exact - offset) / scale === raw) return exact;
  for (let digits = 1; digits <= 17; digits++) {
    const candidate = Number(exact.toPrecision(digits));
    if (Math.fround((candidate - offset) / scale) === raw) return candidate;
  }
  return exact;
}

/** Whether `raw` is an integer that a double holds exactly. */
export function isExact(raw: number | bigint): boolean {
  return Number.isSafeInteger(Number(raw));
}

/** The shortest decimal that stands for `value`, as it is written. */
function decimalOf(value: number | bigint): Decimal {
  if (typeof value === "bigint") return { digits: value, places: 0 };
  const [mantissa, exponent] = value.toString().split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const places = fraction.length - Number(exponent ?? 0);
  const digits = BigInt(whole + fraction);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, places: a.places + b.places };
}

function add(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  const grown = (term: Decimal) => term.digits * 10n ** BigInt(places - term.places);
  return { digits: grown(a) + grown(b), places };
}

function numberOf({ digits, places }: Decimal): number {
  return Number(`${digits}e-${places}`);
}
