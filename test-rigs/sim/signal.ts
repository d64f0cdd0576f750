import type { PointConfig } from "../../config/gateway-config.ts";
import type { PointType } from "../../edge/core/point.ts";
import type { Value } from "../../edge/core/reading.ts";

/** What a simulated quantity does: `level` is its slow course, at most ±1000. */
export type Course = (uptimeMs: number) => number;

/** A raw register content: what the device holds before scale and offset. */
export type Raw = Value;

/**
 * The raw value of the `n`th answer. Wherever the type has room for it the value is another one
 * in every answer, so that a stale one is recognised.
 */
export function rawOf(type: PointType, level: number, n: number): Raw {
  switch (type) {
    case "bool":
      return (n * 2654435761) % 7 < 3;
    case "int16":
      return (n % 65_536) - 32_768;
    case "uint16":
      return n % 65_536;
    case "bcd16":
      return n % 10_000;
    case "bcd32":
      return n % 100_000_000;
    case "int32":
      return Math.round(level * 1000) * 1000 + (n % 1000);
    case "uint32":
      return Math.round((level + 1000) * 1000) * 1000 + (n % 1000);
    case "float32":
      return Math.round(level) * 4096 + (n % 4096);
    case "float64":
      return Math.round(level * 1000) * 100_000 + (n % 100_000);
    // Multiples of 256 beyond 2^60 are exact as doubles too, for readers of JSON without bigint.
    case "int64":
      return -(2n ** 60n) - BigInt(n) * 256n;
    case "uint64":
      return 2n ** 60n + BigInt(n) * 256n;
    case "string":
      return `n${n % 1_000_000}`;
  }
}

/** The value that a gateway must make of `raw`, to within a quarter of the smallest step. */
export function isValueOf(
  { scale, offset }: Pick<PointConfig, "scale" | "offset">,
  raw: Raw,
  value: Value | null,
): boolean {
  if (typeof raw === "number" && typeof value === "number") {
    return Math.abs(raw * scale + offset - value) < Math.abs(scale) / 4;
  }
  if (typeof raw === "bigint") return Number(raw) === Number(value);
  return raw === value;
}
